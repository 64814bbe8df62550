"""The steps of an escalation policy as people write them: a row for each, in words; works without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gnomon.agreements.escalation.steps import MOST_STEPS, NEXT_TEAM, Step, fault_of_steps, steps_from
from gnomon.ui.values import LongText

Row = dict[str, str]
PARTS = ("order", "clock", "at", "unit", "do", "whom", "team", "wait", "fallback", "in_hours")
SPARE = 2
CLOCK_CHOICES = (
    ("resolve", pgettext_lazy("escalation", "time to resolve")),
    ("respond", pgettext_lazy("escalation", "time to respond")),
    ("team", pgettext_lazy("escalation", "time of the team")),
)
UNIT_CHOICES = (
    ("percent", gettext_lazy("% of the target")),
    ("before", gettext_lazy("minutes before the target")),
    ("after", gettext_lazy("minutes after the target")),
)
DEED_CHOICES = (
    ("", "–"),
    ("notify", gettext_lazy("tell people")),
    ("reassign", gettext_lazy("hand to another team")),
    ("raise_priority", gettext_lazy("raise the priority")),
    ("call", gettext_lazy("call one after another")),
)


class StepsInput(forms.Widget):
    """Inputs named `field-row-part`; its value is a list of rows of texts."""

    is_table = True

    def value_from_datadict(self, data: Mapping[str, Any], _files: Any, name: str) -> list[Row] | None:
        rows = [_row_of(data, f"{name}-{position}") for position in range(MOST_STEPS + SPARE)]
        given = [row for row in rows if row is not None]
        return given or None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return self.value_from_datadict(data, files, name) is None

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-do" if id_ else ""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        from gnomon.organization.models import Team

        rows: list[Row] = [row for row in value or [] if row.get("do")]
        spare = max(3 - len(rows), min(SPARE, MOST_STEPS - len(rows)))
        blank = {"clock": "resolve", "unit": "percent", "team": NEXT_TEAM}
        rows = [*rows, *(dict(blank) for _ in range(spare))]
        teams = Team.objects.filter(status="active").order_by("title").values_list("number", "title")
        return render_to_string(
            "agreements/_steps_input.html",
            {"name": name, "id": (attrs or {}).get("id", f"id_{name}"), "rows": list(enumerate(rows)),
             "clocks": CLOCK_CHOICES, "units": UNIT_CHOICES, "deeds": DEED_CHOICES,
             "teams": [(NEXT_TEAM, _("the next one by its escalation")), *teams]},
        )  # fmt: skip


class StepsInputField(forms.Field):
    """Steps in a form: rows of words become plain data, and back."""

    widget = StepsInput

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list) or any("at" in row for row in value if isinstance(row, dict)):
            return value
        return [_written(position, step) for position, step in enumerate(steps_from(value), 1)]

    def clean(self, value: Any) -> list[dict[str, Any]]:
        try:
            table = _read(value or [])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if (fault := fault_of_steps(table)) is not None:
            raise ValidationError(fault)
        return table

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return _read(data or []) != [_plain(step) for step in steps_from(initial or [])]
        except ValueError:
            return True


class StepsField(models.JSONField):
    """The ordered steps of a policy, as `escalation.steps.Step` tells them."""

    def in_words(self, table: list[dict[str, Any]]) -> LongText | None:
        from gnomon.agreements.escalation.wording import sentences

        if fault_of_steps(table) is not None:
            return LongText(str(table))
        return LongText("\n".join(f"{position}. {said}" for position, said in enumerate(sentences(table), 1)))

    def formfield(self, **kwargs: Any) -> Any:
        return StepsInputField(
            label=kwargs.get("label", self.verbose_name), required=False,
            help_text=_(
                "One row for each step, in the order in which they fall due. Whom: assignee, assignee's lead, team, "
                "team's lead, service owner, major incident manager, a role, a name or a number, with commas between."
            ),
        )  # fmt: skip


def _row_of(data: Mapping[str, Any], prefix: str) -> Row | None:
    if f"{prefix}-do" not in data:
        return None
    return {part: str(data.get(f"{prefix}-{part}", "")).strip() for part in PARTS}


def _read(rows: list[Row]) -> list[dict[str, Any]]:
    filled = [row for row in rows if row.get("do")]
    ordered = sorted(enumerate(filled), key=lambda pair: (_number(pair[1].get("order") or "999", pair[0]), pair[0]))
    return [_plain(_step(row, position)) for position, (_index, row) in enumerate(ordered, 1)]


def _step(row: Row, position: int) -> Step:
    from gnomon.agreements.escalation.naming import read

    unit, at = row.get("unit", "percent"), _number(row.get("at", ""), position)
    return Step(
        clock=row.get("clock", ""),
        do=row["do"],
        percent=at if unit == "percent" else None,
        minutes={"before": -at, "after": at}.get(unit),
        whom=tuple(read(row.get("whom", ""))),
        team=row.get("team") or NEXT_TEAM,
        wait=_number(row.get("wait") or "15", position),
        fallback=tuple(read(row.get("fallback", ""))),
        in_hours=bool(row.get("in_hours")),
    )


def _number(text: str, position: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise ValueError(_("Step %(position)d: write a whole number.") % {"position": position})
    return int(text)


def _plain(step: Step) -> dict[str, Any]:
    """A step as data, without what it does not need."""
    plain: dict[str, Any] = {"clock": step.clock, "do": step.do}
    plain |= {"percent": step.percent} if step.percent is not None else {"minutes": step.minutes}
    if step.do in {"notify", "call"}:
        plain["whom"] = list(step.whom)
    if step.do == "call":
        plain |= {"wait": step.wait, "fallback": list(step.fallback)}
    if step.do == "reassign":
        plain["team"] = step.team
    return plain | {"in_hours": True} if step.in_hours else plain


def _written(position: int, step: Step) -> Row:
    from gnomon.agreements.escalation.naming import written

    minutes = step.minutes or 0
    unit = "percent" if step.percent is not None else "before" if minutes < 0 else "after"
    return {
        "order": str(position), "clock": step.clock, "unit": unit, "do": step.do,
        "at": str(step.percent if step.percent is not None else abs(minutes)), "whom": written(step.whom),
        "team": step.team, "wait": str(step.wait), "fallback": written(step.fallback),
        "in_hours": "on" if step.in_hours else "",
    }  # fmt: skip
