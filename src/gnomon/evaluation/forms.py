"""What people choose on the dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.evaluation.choices import PERIODS
from gnomon.evaluation.queries.dimensions import NONE
from gnomon.records.kinds import kind_named


class ChoiceForm(forms.Form):
    """A GET form that is only shown; `choices.choice` reads the address."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=list(PERIODS.items()))
    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}))
    service = forms.ChoiceField(label=gettext_lazy("Service"))
    team = forms.ChoiceField(label=gettext_lazy("Team"))
    priority = forms.ChoiceField(label=gettext_lazy("Priority"))

    def __init__(self, initial: Mapping[str, Any]) -> None:
        super().__init__(initial=dict(initial), auto_id="choose-%s")
        every = [("", _("All"))]
        nothing = [(NONE, _("None"))]
        incidents: Any = kind_named("incident").model
        priorities = [(str(value), title) for value, title in incidents._meta.get_field("priority").flatchoices]
        self._offer("priority", [*every, *priorities, *nothing])
        for name in ("service", "team"):
            related = incidents._meta.get_field(name).related_model
            known = related.objects.order_by("title").values_list("number", "title")
            self._offer(name, [*every, *known, *nothing])
        for field in self.fields.values():
            field.required = False
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def add_prefix(self, field_name: str) -> str:
        """In the address these are `from` and `to`, which Python keeps for itself."""
        return {"since": "from", "until": "to"}.get(field_name, field_name)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
