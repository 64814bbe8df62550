"""What people choose on a dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.evaluation.choices import PERIODS
from gnomon.evaluation.queries.dimensions import NONE
from gnomon.records.kinds import kind_named

STEPS = (("week", gettext_lazy("By week")), ("month", gettext_lazy("By month")))


class ChoiceForm(forms.Form):
    """A GET form that is only shown; the address is read by `choices.choice`.

    `offers` are further choices by name, as of processes; `narrowed_by` fields of incidents.
    """

    def __init__(
        self, initial: Mapping[str, Any], narrowed_by: tuple[str, ...], offers: Mapping[str, Mapping[str, Any]],
        *, has_period: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(initial=dict(initial), auto_id="choose-%s")
        titles = {"process": _("Process"), "step": _("Control charts")}
        for name, choices in offers.items():
            self._offer(name, titles[name], list(choices.items()))
        if has_period:
            self._offer("period", _("Period"), list(PERIODS.items()))
            for name, title in (("since", _("From")), ("until", _("To"))):
                self.fields[name] = forms.DateField(label=title, widget=forms.DateInput(attrs={"type": "date"}))
        incidents: Any = kind_named("incident").model
        for name in narrowed_by:
            field = incidents._meta.get_field(name)
            known = [("", _("All")), *values_of(field), (NONE, _("None"))]
            self._offer(name, str(field.verbose_name).capitalize(), known)
        for field in self.fields.values():
            field.required = False
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def add_prefix(self, field_name: str) -> str:
        """In the address these are `from` and `to`, which Python keeps for itself."""
        return {"since": "from", "until": "to"}.get(field_name, field_name)

    def _offer(self, name: str, title: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name] = forms.ChoiceField(label=title, choices=choices)


def values_of(field: Any) -> list[tuple[str, Any]]:
    """What a field can be narrowed to: word of the list page and title."""
    if isinstance(field, models.ForeignKey):
        related: Any = field.related_model
        return list(related.objects.order_by("title").values_list("number", "title"))
    return [(str(value), title) for value, title in field.flatchoices]
