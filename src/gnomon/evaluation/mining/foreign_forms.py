"""What people choose of a log from elsewhere; needs nothing of the extra."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class LogForm(forms.Form):
    """A file to look at."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "XES, OCEL 2.0 (JSON, XML or SQLite) or CSV; .gz, .zst and .zip are read as they are. UTF-8, UTF-16 and GBK "
            "are told apart."
        ),
    )


class ColumnsForm(forms.Form):
    """Which columns tell an event, or whose course is told: as the file has them."""

    def __init__(self, look: Mapping[str, Any], chosen: Mapping[str, Any], given: Any = None) -> None:
        super().__init__(given, initial=dict(chosen))
        types = look.get("types") or {}
        if types:
            told = [(name, _("%(type)s: %(count)s objects") % {"type": name, "count": n}) for name, n in types.items()]
            self.fields["about"] = forms.ChoiceField(label=_("Whose course is told"), choices=told)
            return
        columns = [(name, name) for name in look.get("columns") or ()]
        if not columns:
            return
        for name, label in (("case", _("Case")), ("activity", _("Activity")), ("time", _("Time"))):
            self.fields[name] = forms.ChoiceField(label=label, choices=columns)
