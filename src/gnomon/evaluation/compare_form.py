"""What people choose when they compare two periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.evaluation.forms import values_of
from gnomon.evaluation.queries.dimensions import NONE
from gnomon.evaluation.queries.measures import measures
from gnomon.records.kinds import kind_named
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor, Measure

DAYS = ("before_from", "before_to", "after_from", "after_to")


def comparable(person: Actor) -> list[Measure]:
    """The measures of records that a person may read, in the order in which they are declared."""
    return [measure for measure in measures().values() if may(person, "read", kind_named(measure.kind))]


def narrowing_of(measure: Measure) -> dict[str, Any]:
    """The fields that a measure can be narrowed by from a list of choices."""
    model = kind_named(measure.kind).model
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in measure.dimensions}
    return {name: field for name, field in fields.items() if isinstance(field, models.ForeignKey) or field.flatchoices}


class CompareForm(forms.Form):
    """A GET form that is only shown; the view reads the address."""

    measure = forms.ChoiceField(label=gettext_lazy("Measure"))
    before_from = forms.DateField(label=gettext_lazy("Before, from"))
    before_to = forms.DateField(label=gettext_lazy("Before, to"))
    after_from = forms.DateField(label=gettext_lazy("After, from"))
    after_to = forms.DateField(label=gettext_lazy("After, to"))

    def __init__(self, initial: Mapping[str, Any], offered: Iterable[Measure], chosen: Measure) -> None:
        super().__init__(initial=dict(initial), auto_id="compare-%s")
        self._offer("measure", [(measure.name, _named(measure)) for measure in offered])
        for name in DAYS:
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        for name, field in narrowing_of(chosen).items():
            self.fields[name] = forms.ChoiceField(label=str(field.verbose_name).capitalize())
            self._offer(name, [("", _("All")), *values_of(field), (NONE, _("None"))])
        for field in self.fields.values():
            field.required = False
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _named(measure: Measure) -> str:
    return f"{kind_named(measure.kind).plural}: {measure.title}"
