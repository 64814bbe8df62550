"""A record and its entries in words, in the language of the moment; nothing is asked of the present tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gnomon.certification.pack.names import Names
from gnomon.certification.pack.taking import Taken
from gnomon.jobs.moments import MomentField
from gnomon.records.models import LedgerEntry
from gnomon.records.showing import field_named, field_title
from gnomon.records.timelines import verb_title

BOOKKEEPING = frozenset({"workflow_version", "source", "sla_version", "calendar_version", "ola_version",
                         "ola_calendar_version"})  # fmt: skip
LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Fact:
    """A field under its title; `old` only where something changed, `number` where it leads to a record."""

    title: str
    new: str
    old: str = ""
    number: str = ""

    @property
    def is_long(self) -> bool:
        return "\n" in self.new or len(self.new) > 160


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the ledger as the timeline shows it."""

    version: int
    at: str
    told_at: str
    who: str
    who_number: str
    title: str
    facts: Sequence[Fact]
    because: str
    position: int
    digest: str
    after: bool


class Teller:
    """Tells one record; `zone` is that of the order, `ends_at` the end of the period."""

    def __init__(self, taken: Taken, names: Names, zone: ZoneInfo, ends_at: datetime) -> None:
        self.taken, self.names, self.zone, self.ends_at = taken, names, zone, ends_at
        self._stub = taken.kind.model(workflow_version=taken.workflow_version, status=taken.status)

    def status(self) -> str:
        return self._state(self.taken.status)

    def facts(self) -> list[Fact]:
        """What the record holds after its last entry, in the order of its form."""
        held = self.taken.facts
        order = [name for name in ("description", *self.taken.kind.fields) if name in held]
        rest = sorted(held.keys() - {*order, "title", "status"})
        told = (self._fact(name, held[name]) for name in dict.fromkeys([*order, *rest]) if name != "title")
        return [fact for fact in told if fact is not None]

    def lines(self) -> Iterator[Line]:
        """The entries, oldest first."""
        places = {entry["content"]["version"]: entry["position"] for entry in self.taken.proof["entries"]}
        for entry in self.taken.entries:
            told_late = abs(entry.recorded_at - entry.happened_at) > LATE
            yield Line(
                version=entry.version,
                at=self.moment(entry.happened_at),
                told_at=self.moment(entry.recorded_at) if told_late else "",
                who=self._who(entry.actor),
                who_number=entry.actor,
                title=verb_title(self.taken.kind, self._stub, entry.verb.partition(":")[2]),
                facts=[*self._changes(entry)],
                because=entry.because,
                position=places[entry.version],
                digest=bytes(entry.digest).hex(),
                after=entry.happened_at >= self.ends_at,
            )

    def moment(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def _changes(self, entry: LedgerEntry) -> Iterator[Fact]:
        for name, (old, new) in entry.changes.items():
            if name in BOOKKEEPING or (entry.version == 1 and name == "status"):
                continue
            yield Fact(self._title(name), self._words(name, new), self._words(name, old), _number(new))

    def _fact(self, name: str, value: Any) -> Fact | None:
        words = self._words(name, value)
        return Fact(self._title(name), words, number=_number(value)) if words and name not in BOOKKEEPING else None

    def _title(self, name: str) -> str:
        known = {"text": _("Text"), "internal": _("Among staff"), "other": _("Other record"), "relation": _("Relation"),
                 "name": _("Name"), "sha256": "SHA-256", "size": _("Bytes"), "person": _("Person"), "part": _("Part"),
                 "mentioned": _("Named")}  # fmt: skip
        try:
            field_named(self.taken.kind, name)
        except LookupError:
            return known.get(name, name)
        return field_title(self.taken.kind, name)

    def _words(self, name: str, value: Any) -> str:
        """A value as people read it; empty when there is nothing."""
        if value in (None, "", [], {}):
            return ""
        if name == "status":
            return self._state(str(value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        try:
            field = field_named(self.taken.kind, name)
        except LookupError:
            return self._plain(value)
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(field, MomentField) and isinstance(value, str):
            found = parse_datetime(value)
            return self.moment(found) if found is not None else value
        return self._plain(value)

    def _plain(self, value: Any) -> str:
        if isinstance(value, str):
            title = self.names(value)
            return f"{value} {title}" if title else value
        if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
            return ", ".join(self._plain(one) for one in value)
        if isinstance(value, list | dict):
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        return str(value)

    def _who(self, number: str) -> str:
        return _("System") if number == "system" else self.names(number) or number

    def _state(self, status: str) -> str:
        try:
            return str(self.taken.kind.workflow_of(self._stub).state(status).title)
        except LookupError:
            return status


def _number(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= 40 else ""
