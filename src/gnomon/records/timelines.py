"""The ledger of one record as a story that people read."""

# One return for each type of value reads best.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField
from gnomon.records.facts import OF_OTHERS, is_note
from gnomon.records.files import FileShown, shown_file
from gnomon.records.kinds import Kind, kind_of_number
from gnomon.records.models import Attachment, LedgerEntry, Record
from gnomon.records.permissions import hears_reason, told_to, visible
from gnomon.records.queries.people import names_of, usernames_of
from gnomon.records.relations import part_title, relation_title
from gnomon.records.showing import field_named, field_title, listed, who_or_ref
from gnomon.standard.plugs import Actor
from gnomon.ui.durations import duration_words
from gnomon.ui.timeline import Change, ClockStory, Entry, EntryKind
from gnomon.ui.values import Ref, Who


def timeline(kind: Kind, record: Record, entries: Sequence[LedgerEntry], *, to: Actor, internal: bool) -> list[Entry]:
    """Ledger entries as a timeline, in the order given; what is among staff only where `internal`.

    To others only the fields and the reasons that are theirs to read are told, and no entry that would be empty then.
    """
    teller = _Teller(kind, record, entries, to)
    if internal:
        return [teller.entry(entry) for entry in entries]
    told = (teller.entry(entry) for entry in entries if not teller.is_internal(entry))
    return [entry for entry in told if entry.kind not in {"change", "link"} or entry.changes or entry.because]


def clock_entries(stories: Iterable[ClockStory]) -> list[Entry]:
    """Each stretch of each clock as an entry: what the clock did, from when to when, and what caused it."""
    titles = {
        "running": _("Clock runs: %(clock)s"), "paused": _("Clock paused: %(clock)s"),
        "stopped": _("Clock stopped: %(clock)s"),
    }  # fmt: skip
    return [
        Entry(
            kind="clock",
            actor=Who(_("Clock"), kind="system"),
            at=stretch.start,
            title=titles[stretch.state] % {"clock": story.title},
            because=str(stretch.because),
            until=stretch.end,
            worked=stretch.worked if stretch.state == "running" else None,
        )
        for story in stories
        for stretch in story.stretches
    ]


class _Teller:
    """Tells entries of one record, with all that they speak of looked up at once."""

    def __init__(self, kind: Kind, record: Record, entries: Sequence[LedgerEntry], to: Actor) -> None:
        self.kind, self.record, self.to = kind, record, to
        self.known = told_to(to, kind)
        self.changes = {entry.sequence: entry.changes for entry in entries}
        people = {
            str(value) for _verb, facts in self._notes(entries, "joined", "left") for value in facts["person"] if value
        }
        self.named = {
            entry.sequence: self.changes[entry.sequence].get("mentioned", [None, ()])[1]
            for entry in entries
            if self.known is None and _note(entry) == "commented"
        }
        named = {number for numbers in self.named.values() for number in numbers}
        self.usernames = usernames_of(named)
        people |= named
        self.names = names_of({entry.actor for entry in entries} | people)
        self.related = _related(kind, (self.changes[e.sequence] for e in entries if not is_note(e.verb)))
        links = self._notes(entries, "linked", "unlinked", *OF_OTHERS)
        self.linked = _linked([facts["other"] for _verb, facts in links], to)
        attached = [entry.sequence for entry in entries if _note(entry) == "attached"]
        self.files = _files(record, attached) if attached else {}

    def is_internal(self, entry: LedgerEntry) -> bool:
        if not is_note(entry.verb):
            return False
        return _note(entry) in AMONG_STAFF or bool(self.changes[entry.sequence].get("internal", [None, False])[1])

    def entry(self, entry: LedgerEntry) -> Entry:
        verb, changes = entry.verb.partition(":")[2], self.changes[entry.sequence]
        shape = _shape(verb, changes)
        late = abs((entry.recorded_at - entry.happened_at).total_seconds()) > 300
        return Entry(
            kind=shape,
            actor=self._who(entry.actor),
            at=entry.happened_at,
            told_at=entry.recorded_at if late else None,
            title=verb_title(self.kind, self.record, verb),
            changes=self._changes(entry),
            because=entry.because if hears_reason(self.to, self.kind, verb, entry.actor) else "",
            text=str(changes["text"][1]) if shape in {"comment", "note", "time"} else "",
            deviation=_deviation(self.kind, self.record, verb, changes),
            anchor=f"entry-{entry.version}",
            files=self.files.get(entry.sequence, ()),
            named=[
                (written, self._named(number))
                for number in self.named.get(entry.sequence, ())
                for written in (self.usernames.get(number, ""), self.names.get(number, ""))
            ],
        )

    def _named(self, number: str) -> Who:
        return Who(self.names.get(number, number), number, reverse("person-page", args=[number]))

    def _changes(self, entry: LedgerEntry) -> list[Change]:
        note, changes = _note(entry), self.changes[entry.sequence]
        if note in {"linked", "unlinked"}:
            old, new = (self.linked.get(number) for number in changes["other"])
            relation = next(str(name) for name in changes["relation"] if name)
            return [Change(relation_title(relation), old, new)] if old or new else []
        if note in OF_OTHERS:
            old, new = (self.linked.get(number) for number in changes["other"])
            return [Change(_("record"), old, new)] if old or new else []
        if note in {"joined", "left"}:
            left, joined = (self._who(number) if number else None for number in changes["person"])
            return [Change(part_title(next(str(part) for part in changes["part"] if part)), left, joined)]
        if note == "spent":
            return _time_told(changes)
        if note:
            return [
                Change(title, *(None if value is None else words(value) for value in changes[name]))
                for name, (title, words) in self.kind.tells.items()
                if name in changes
            ]
        return [
            _change(self.kind, self.record, name, pair, self.related)
            for name, pair in changes.items()
            if _tells(name) and (self.known is None or name in self.known)
        ]

    def _who(self, number: str) -> Who:
        return Who(self.names.get(number, number), number, kind="system" if number == "system" else "person")

    def _notes(self, entries: Sequence[LedgerEntry], *notes: str) -> Iterator[tuple[str, dict[str, list[Any]]]]:
        return ((entry.verb, self.changes[entry.sequence]) for entry in entries if _note(entry) in notes)


# Who takes part, and what was spent, is for those who read the whole kind.
AMONG_STAFF = frozenset({"joined", "left", "spent", "escalation", "reminded"}) | OF_OTHERS


def _time_told(changes: Mapping[str, list[Any]]) -> list[Change]:
    """Minutes as people say them: on the left what was taken back."""
    minutes, day = changes["minutes"][1], date.fromisoformat(changes["on"][1])
    length = duration_words(timedelta(minutes=abs(minutes)), days=False)
    pair = (length, None) if minutes < 0 else (None, length)
    return [Change(_("Time"), *pair), Change(_("Day"), None, day)]


def _note(entry: LedgerEntry) -> str:
    return entry.verb.partition(":")[2] if is_note(entry.verb) else ""


def _linked(pairs: Iterable[Sequence[str | None]], to: Actor) -> dict[str, Ref]:
    """Records at the other end of links, as far as this person may know of them."""
    found: dict[str, Ref] = {}
    for other, numbers in by_kind(number for pair in pairs for number in pair if number).items():
        known = visible(other.model.objects.filter(number__in=numbers), to)
        found |= {record.number: Ref(record.number, record.title, record.get_absolute_url()) for record in known}
    return found


def _files(record: Record, sequences: Sequence[int]) -> dict[int, list[FileShown]]:
    here = record.get_absolute_url()
    found = Attachment.objects.filter(number=record.number, entry__in=sequences)
    return {file.entry: [shown_file(file, here)] for file in found}


def verb_title(kind: Kind, record: Record, verb: str) -> str:
    """What people call a verb: the title of its move, or one of the verbs that all kinds share."""
    try:
        return str(kind.workflow_of(record).move(verb).title)
    except LookupError:
        pass
    if verb in kind.verbs:
        return str(kind.verbs[verb])
    shared = {
        "recorded": _("Recorded"), "changed": _("Changed"), "commented": _("Commented"), "attached": _("Attached"),
        "linked": _("Linked"), "unlinked": _("Unlinked"), "joined": _("Joined"), "left": _("Left"),
        "spent": _("Time spent"), "erased": _("Personal values erased"),
        "moved": _("Moved"), "imported": _("Imported"), "migrated": _("Taken to another version of its workflow"),
    }  # fmt: skip
    return shared.get(verb, verb.replace(":", " ").replace("_", " "))


def _shape(verb: str, changes: Mapping[str, Any]) -> EntryKind:
    if verb == "commented":
        return "note" if changes.get("internal", [None, False])[1] else "comment"
    if "status" in changes and verb != "recorded":
        return "move"
    shapes: dict[str, EntryKind] = {
        "recorded": "recorded", "changed": "change", "attached": "attachment", "linked": "link", "unlinked": "link",
        "spent": "time",
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
    if hasattr(field, "in_words"):
        return field.in_words(value)
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
    numbers = (
        value
        for changes in all_changes
        for name, pair in changes.items()
        if _is_relation(kind, name)
        for value in pair
        if isinstance(value, str)
    )
    found: dict[str, Any] = {}
    for other, some in by_kind(numbers).items():
        found |= {record.number: who_or_ref(record) for record in other.model.objects.filter(number__in=some)}
    return found


def by_kind(numbers: Iterable[str]) -> dict[Kind, set[str]]:
    """Record numbers by the kind that they belong to; those of no kind are left out."""
    found: dict[Kind, set[str]] = {}
    for number in numbers:
        try:
            found.setdefault(kind_of_number(number), set()).add(number)
        except LookupError:
            continue
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


def _tells(name: str) -> bool:
    """Bookkeeping that would only be noise in a timeline."""
    return name not in {
        "erased_values",
        "workflow_version",
        "source",
        "sla_version",
        "calendar_version",
        "ola_version",
        "ola_calendar_version",
    }
