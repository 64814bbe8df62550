"""What people choose on the pages of process mining."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.evaluation.choices import PERIODS
from gnomon.evaluation.mining.choosing import Chosen, narrowed_by, people_choices
from gnomon.evaluation.queries.dimensions import NONE
from gnomon.records.kinds import Kind
from gnomon.records.showing import field_title
from gnomon.standard.plugs import Says

STEP = 5


class _Slider(forms.NumberInput):
    input_type = "range"


class MiningForm(forms.Form):
    """A GET form that is only shown; `choosing.chosen` reads the address."""

    kind = forms.ChoiceField(label=gettext_lazy("Records"))
    by = forms.ChoiceField(label=gettext_lazy("Seen as"))
    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=list(PERIODS.items()))
    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self, chosen: Chosen, asked: Mapping[str, str], kinds: Sequence[Kind], perspectives: Sequence[tuple[str, Says]],
        *, sliders: bool = False,
    ) -> None:  # fmt: skip
        start, end = chosen.choice.days
        initial = {
            "kind": chosen.kind.name, "by": chosen.perspective, "period": chosen.choice.name,
            "since": start.isoformat(), "until": end.isoformat(), "activities": chosen.activities, "paths": chosen.paths,
        }  # fmt: skip
        super().__init__(
            initial=initial | {name: asked.get(name, "") for name in narrowed_by(chosen.kind)}, auto_id="mine-%s"
        )
        self._offer("kind", [(kind.name, kind.plural) for kind in kinds])
        self._offer("by", perspectives)
        if not perspectives:
            del self.fields["by"]
        for name in narrowed_by(chosen.kind):
            self.fields[name] = forms.ChoiceField(label=field_title(chosen.kind, name))
            self._offer(name, [("", _("All")), *people_choices(chosen.kind, name), (NONE, _("None"))])
        for field in self.fields.values():
            field.required = False
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
        if sliders:
            self._slider("activities", _("Activities: %(percent)d %%") % {"percent": chosen.activities})
            self._slider("paths", _("Paths: %(percent)d %%") % {"percent": chosen.paths})

    def add_prefix(self, field_name: str) -> str:
        """In the address these are `from` and `to`, which Python keeps for itself."""
        return {"since": "from", "until": "to"}.get(field_name, field_name)

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def _slider(self, name: str, label: str) -> None:
        attrs = {"min": 0, "max": 100, "step": STEP, "class": "course-slider"}
        self.fields[name] = forms.IntegerField(label=label, required=False, widget=_Slider(attrs=attrs))
