"""The ledger of one record as a story that people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField
from gnomon.records.kinds import Kind, kind_of_number
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.queries.people import names_of
from gnomon.records.showing import field_named, field_title, listed, who_or_ref
from gnomon.ui.timeline import Change, Entry, EntryKind
from gnomon.ui.values import Who


def timeline(kind: Kind, record: Record, entries: Sequence[LedgerEntry], *, internal: bool) -> list[Entry]:
    """Ledger entries as a timeline, in the order given; words among staff only where `internal`."""
    changes = {entry.sequence: entry.changes for entry in entries}
    names = names_of(entry.actor for entry in entries)
    related = _related(kind, changes.values())
    told = [_entry(kind, record, entry, changes[entry.sequence], names, related) for entry in entries]
    return [entry for entry in told if internal or entry.kind != "note"]


def _entry(
    kind: Kind, record: Record, entry: LedgerEntry, changes: Mapping[str, list[Any]],
    names: Mapping[str, str], related: Mapping[str, Any],
) -> Entry:  # fmt: skip
    verb = entry.verb.partition(":")[2]
    shape = _shape(kind, verb, changes)
    late = abs((entry.recorded_at - entry.happened_at).total_seconds()) > 300
    spoken = shape in {"comment", "note"}
    return Entry(
        kind=shape,
        actor=_actor(entry.actor, names),
        at=entry.happened_at,
        told_at=entry.recorded_at if late else None,
        title=verb_title(kind, verb),
        changes=() if spoken else [_change(kind, record, n, pair, related) for n, pair in changes.items() if _tells(n)],
        because=entry.because,
        text=str(changes["text"][1]) if spoken else "",
        deviation=_deviation(kind, record, verb, changes),
        anchor=f"entry-{entry.version}",
    )


def verb_title(kind: Kind, verb: str) -> str:
    """What people call a verb: the title of its move, or one of the verbs that all kinds share."""
    try:
        return str(kind.workflow.move(verb).title)
    except LookupError:
        pass
    if verb in kind.verbs:
        return str(kind.verbs[verb])
    shared = {
        "recorded": _("Recorded"), "changed": _("Changed"), "commented": _("Commented"), "attached": _("Attached"),
        "linked": _("Linked"), "unlinked": _("Unlinked"), "joined": _("Joined"), "left": _("Left"),
        "moved": _("Moved"), "imported": _("Imported"),
    }  # fmt: skip
    return shared.get(verb, verb.replace(":", " ").replace("_", " "))


def _shape(kind: Kind, verb: str, changes: Mapping[str, Any]) -> EntryKind:
    if verb == "commented":
        return "note" if changes.get("internal", [None, False])[1] else "comment"
    if "status" in changes and verb != "recorded":
        return "move"
    shapes: dict[str, EntryKind] = {
        "recorded": "recorded", "changed": "change", "attached": "attachment", "linked": "link", "unlinked": "link",
    }  # fmt: skip
    return shapes.get(verb, "clock" if verb.startswith("clock") else "other")


def _deviation(kind: Kind, record: Record, verb: str, changes: Mapping[str, list[Any]]) -> str:
    """A sentence when the step is one that the workflow in force does not know: history keeps it as it was."""
    if verb == "recorded" or "status" not in changes:
        return ""
    old, new = changes["status"]
    workflow = kind.workflow_of(record)
    if old is None or old == new or workflow.allows(old, new):
        return ""
    says = _("The workflow knows no step from %(old)s to %(new)s; it is kept as it happened.")
    return says % {"old": _state_title(kind, record, old), "new": _state_title(kind, record, new)}


def _change(kind: Kind, record: Record, name: str, pair: Sequence[Any], related: Mapping[str, Any]) -> Change:
    old, new = (_fact_shown(kind, record, name, value, related) for value in pair)
    return Change(field_title(kind, name), old, new)


def _fact_shown(kind: Kind, record: Record, name: str, value: Any, related: Mapping[str, Any]) -> Any:
    if value is None or value == "":
        return None
    if name == "status":
        return _state_title(kind, record, value)
    try:
        field = field_named(kind, name)
    except LookupError:
        return value if isinstance(value, str | int | float | bool) else str(value)
    if isinstance(field, models.ForeignKey):
        return related.get(value, value)
    if isinstance(field, MomentField):
        return parse_datetime(value)
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    if isinstance(field, models.JSONField):
        return listed(value)
    return value


def _related(kind: Kind, all_changes: Iterable[Mapping[str, list[Any]]]) -> dict[str, Any]:
    """The records that facts point to, in one query for each kind of them."""
    wanted: dict[Kind, set[str]] = {}
    for changes in all_changes:
        for name, pair in changes.items():
            for value in pair:
                if isinstance(value, str) and _is_relation(kind, name):
                    try:
                        wanted.setdefault(kind_of_number(value), set()).add(value)
                    except LookupError:
                        continue
    found: dict[str, Any] = {}
    for other, numbers in wanted.items():
        found |= {record.number: who_or_ref(record) for record in other.model.objects.filter(number__in=numbers)}
    return found


def _is_relation(kind: Kind, name: str) -> bool:
    try:
        return isinstance(field_named(kind, name), models.ForeignKey)
    except LookupError:
        return False


def _state_title(kind: Kind, record: Record, status: str) -> str:
    try:
        return str(kind.workflow_of(record).state(status).title)
    except LookupError:
        return status


def _actor(number: str, names: Mapping[str, str]) -> Who:
    return Who(names.get(number, number), number, kind="system" if number == "system" else "person")


def _tells(name: str) -> bool:
    """Bookkeeping that would only be noise in a timeline."""
    return name not in {"workflow_version", "source", "sla_version", "calendar_version"}
