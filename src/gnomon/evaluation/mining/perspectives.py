"""Three ways to look at the same events: states that records passed, what people did, teams that held them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gnomon.evaluation.mining.events import EventLog, Truth, event_log
from gnomon.evaluation.mining.reading import NOTHING, UNCHANGED, Events, Texts
from gnomon.records.definitions import moves_of, states_of
from gnomon.records.facts import is_note
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.models.numbering import number_text
from gnomon.records.showing import field_named
from gnomon.standard.plugs import Says

USUAL = "states"


@dataclass(frozen=True, slots=True)
class Perspective:
    """What of an event is taken for the activity."""

    name: str
    title: Says
    says: Says
    column: str
    counts: Callable[[Events, Texts], Truth]


def _sets_status(events: Events, _texts: Texts) -> Truth:
    moved: Truth = events["status"] != UNCHANGED
    return moved


def _sets_team(events: Events, _texts: Texts) -> Truth:
    handed: Truth = events["team"] != UNCHANGED
    return handed


def _is_done(events: Events, texts: Texts) -> Truth:
    """What changes facts and nothing else is no step, unless it changed the status as histories from elsewhere do."""
    verbs = texts.of("verb")
    plain = np.array([is_note(verb) or verb == "changed" for verb in verbs] or [False])
    done: Truth = ~plain[events["verb"]] | (events["status"] != UNCHANGED)
    return done


PERSPECTIVES: Mapping[str, Perspective] = {
    one.name: one
    for one in (
        Perspective(
            "states", pgettext_lazy("process mining", "States"),
            gettext_lazy("Each change of status is a step."), "status", _sets_status,
        ),
        Perspective(
            "moves", pgettext_lazy("process mining", "What was done"),
            gettext_lazy("Each move and each deed with a name of its own is a step."), "verb", _is_done,
        ),
        Perspective(
            "teams", pgettext_lazy("process mining", "Teams"),
            gettext_lazy("Each handing to a team is a step."), "team", _sets_team,
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Numbers(Sequence[str]):
    """The numbers of a kind's records by their counters."""

    prefix: str

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...

    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            raise TypeError("Ask for one number at a time.")
        return number_text(self.prefix, at)

    def __len__(self) -> int:
        return 2**31


def perspectives_of(kind: Kind) -> list[Perspective]:
    """Those that the records of a kind can be looked at from."""
    return [one for one in PERSPECTIVES.values() if one.name != "teams" or has_team(kind)]


def has_team(kind: Kind) -> bool:
    """Whether records of the kind are with a team."""
    try:
        return field_named(kind, "team").is_relation
    except LookupError:
        return False


def seen_as(perspective: Perspective, events: Events, texts: Texts, kind: Kind) -> EventLog:
    """The events that count from there, as a log."""
    seen = events[perspective.counts(events, texts)]
    return event_log(
        seen["case"], seen[perspective.column], seen["at"], Numbers(kind.prefix), texts.of(perspective.column)
    )


def titles_of(kind: Kind, perspective: Perspective, names: Sequence[str]) -> dict[str, str]:
    """What people call the activities."""
    if perspective.name == "states":
        known = {state.name: str(state.title) for state in states_of(kind)}
    elif perspective.name == "moves":
        known = _verb_titles(kind)
    else:
        teams = kind_named("team").model.objects.filter(number__in=list(names))
        known = {NOTHING: _("No team"), **dict(teams.values_list("number", "title"))}
    return {name: known.get(name) or name.replace("_", " ") or "–" for name in names}


def _verb_titles(kind: Kind) -> dict[str, str]:
    shared = {
        "recorded": _("Recorded"), "changed": _("Changed to another state"), "moved": _("Moved"),
        "imported": _("Imported"), "migrated": _("Taken to another version of its workflow"),
    }  # fmt: skip
    own = {name: str(title) for name, title in kind.verbs.items()}
    return {**shared, **own, **{move.name: str(move.title) for move in moves_of(kind)}}
