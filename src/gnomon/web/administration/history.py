"""The history of the configuration: every change of what administrators set, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gnomon.records.configuring.declared import sections
from gnomon.records.configuring.telling import Told, told_change
from gnomon.records.definitions import moves_of
from gnomon.records.facts import is_note
from gnomon.records.kinds import Kind, kind_named, kinds
from gnomon.records.models import LedgerEntry
from gnomon.records.permissions import may
from gnomon.records.queries import names_of
from gnomon.records.showing import field_title
from gnomon.standard.plugs import Actor

PAGE = 50
BESIDE = ("person", "rule_limit", "planned_activity")  # set by administrators, though no part of the file
HIDDEN = frozenset({"workflow_version", "version"})


@dataclass(frozen=True, slots=True)
class Line:
    """One change."""

    sequence: int
    kind: Kind
    number: str
    url: str
    what: str
    actor: str
    at: datetime
    because: str
    changes: Sequence[Told]


def kinds_told(person: Actor) -> list[Kind]:
    """The kinds whose changes are configuration, as far as this person reads them."""
    known = {kind.name for kind in kinds()}
    names = [*(section.kind for section in sections()), *BESIDE]
    return [kind for name in names if name in known and may(person, "read", kind := kind_named(name))]


def changes_of(person: Actor, *, kind: str = "", by: str = "", before: int | None = None) -> list[Line]:
    """A page of changes; one more than a page when there are more."""
    told = [one for one in kinds_told(person) if not kind or one.name == kind]
    entries = LedgerEntry.objects.filter(kind__in=[one.name for one in told])
    entries = entries.filter(actor=by) if by else entries
    entries = entries.filter(sequence__lt=before) if before else entries
    found = list(entries.order_by("-sequence")[: PAGE + 1])
    names = names_of(entry.actor for entry in found)
    return [_line(entry, names.get(entry.actor, entry.actor)) for entry in found]


def _line(entry: LedgerEntry, actor: str) -> Line:
    kind = kind_named(entry.kind)
    changes = {} if is_note(entry.verb) else entry.changes
    return Line(
        entry.sequence, kind, entry.number, f"/go/{entry.number}", _what(kind, entry.verb), actor, entry.recorded_at,
        entry.because,
        [told_change(field_title(kind, name), *_words(kind, name, pair)) for name, pair in changes.items() if name not in HIDDEN],
    )  # fmt: skip


def _what(kind: Kind, verb: str) -> str:
    """The move or the act in words."""
    name = verb.partition(":")[2]
    plain = {
        "recorded": _("Recorded"),
        "changed": _("Changed"),
        "commented": _("Commented"),
        "attached": _("File attached"),
    }
    moves = {move.name: str(move.title) for move in moves_of(kind)}
    return plain.get(name) or moves.get(name) or str(kind.verbs.get(name, name))


def _words(kind: Kind, name: str, pair: Sequence[Any]) -> list[Any]:
    """Statuses by their titles; all else as it is kept."""
    if name != "status":
        return list(pair)
    titles = {state.name: str(state.title) for state in kind.workflow.states}
    return [titles.get(value, value) for value in pair]
