"""Write whole histories at once: records that lived elsewhere, with all that happened to them.

The same ledger entries as the one door leaves, in the same transaction as the records, many at a time.
A record's row is the fold of its entries, by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, models

from gnomon.jobs.moments import MomentField, milliseconds, moment
from gnomon.records.actions.checking import apply
from gnomon.records.actions.entries import append
from gnomon.records.actions.projections import KEPT
from gnomon.records.facts import blank, fold, ledgered, personal_names, row_fact
from gnomon.records.kinds import Change, Kind
from gnomon.records.ledger.entries import entry_digests, sealer
from gnomon.records.ledger.keys import seal_key
from gnomon.records.ledger.personal import divided
from gnomon.records.models import LedgerEntry, Numbering, Record
from gnomon.records.models.numbering import number_text
from gnomon.records.search.index import COMMENTS, Said, index_record, put_rows, rows_from
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Workflow

if TYPE_CHECKING:
    from gnomon.records.facts import FIELD

ENTRY_COLUMNS = (
    "kind", "number", "version", "verb", "actor", "recorded_at", "happened_at", "facts", "because", "personal", "digest",
    "seal",
)  # fmt: skip
Stored = Callable[[Any], Any]


@dataclass(slots=True)
class Happening:
    """One entry to be: verb, moment in milliseconds since 1970, facts as field → [old, new].

    `actor` is whoever writes the history, unless said otherwise. `kept` facts change fields of the
    record; an entry about what hangs on it (a comment) keeps none.
    """

    verb: str
    at: int
    facts: dict[str, list[Any]]
    because: str = ""
    actor: str = ""
    kept: bool = True


@dataclass(slots=True)
class History:
    """What happened to one record, in order; `references` are those facts that name records of other kinds."""

    happenings: list[Happening] = field(default_factory=list)
    references: list[list[Any]] = field(default_factory=list)


def born_facts(kind: Kind, workflow: Workflow) -> dict[str, Any]:
    """What a record holds at birth when nothing is said: the defaults of its fields, in the first state."""
    born: Record = kind.model()
    born.status = workflow.initial.name
    born.workflow_version = workflow.version
    return {part.name: row_fact(born, part) for part in ledgered(kind.model)}


@dataclass
class HistoryWriter:
    """Writes histories of one kind; it remembers what it looked up, so keep one for a whole run."""

    kind: Kind
    by: Actor
    keys: dict[str, int] = field(default_factory=dict)  # number → primary key of records that others refer to
    told_at_once: bool = False  # a simulated past in which everything was recorded as it happened

    def __post_init__(self) -> None:
        self._fields = [part for part in self.kind.model._meta.concrete_fields if not part.primary_key]
        self._ledgered = {part.name for part in ledgered(self.kind.model)}
        self._references = {part.name: part for part in self._fields if isinstance(part, models.ForeignKey)}
        self._blank = {part.name: blank(part) for part in ledgered(self.kind.model)}
        self._stored = {part.name: self._storing(part) for part in self._fields if part.name in self._ledgered}
        self._usual = {
            part.name: part.get_db_prep_save(part.get_default(), connection)
            for part in self._fields
            if part.name not in self._ledgered
        }
        self._seal = sealer(seal_key(settings.HOME / "keys"))

    def write(self, histories: Sequence[History], *, now: datetime) -> list[str]:
        """Bring the records into being in the caller's transaction; their numbers, in the same order."""
        if not histories:
            return []
        if self.kind.inherits is not None:
            self._inherit(histories)
        first = Numbering.take(self.kind.prefix, len(histories))
        numbers = [number_text(self.kind.prefix, first + at) for at in range(len(histories))]
        finals = [self._final(history) for history in histories]
        self._learn(finals)
        recorded_at = milliseconds(now)
        # Entries first: within a savepoint SQLite walks all that it wrote before for each entry that a trigger looks at.
        self._insert_entries(numbers, histories, recorded_at)
        self._insert_records(numbers, histories, finals, recorded_at)
        self._index(numbers, histories, finals)
        self._follow(numbers)
        return numbers

    def _inherit(self, histories: Sequence[History]) -> None:
        """Let the kind add what every new record of it gets, unless the history told it."""
        assert self.kind.inherits is not None
        firsts = [history.happenings[0].facts for history in histories]
        told = [{name: pair[1] for name, pair in facts.items()} for facts in firsts]
        for facts, further in zip(firsts, self.kind.inherits(told), strict=True):
            facts.update({name: [None, value] for name, value in further.items() if value != self._blank[name]})

    def _final(self, history: History) -> dict[str, Any]:
        known = dict(self._blank)
        for happening in history.happenings:
            if happening.kept:
                fold(happening.facts, known)
        return known

    def _learn(self, finals: Iterable[Mapping[str, Any]]) -> None:
        """Find the primary keys of all records that these refer to, in a query for each field."""
        for name, part in self._references.items():
            wanted = {final[name] for final in finals} - self.keys.keys() - {None}
            if wanted:
                found = part.related_model._base_manager.filter(number__in=wanted)
                self.keys.update(found.values_list("number", "pk"))

    def _insert_records(
        self, numbers: Sequence[str], histories: Sequence[History], finals: Sequence[dict[str, Any]], recorded_at: int
    ) -> None:
        columns = [str(part.column) for part in self._fields]
        rows = []
        for number, history, final in zip(numbers, histories, finals, strict=True):
            told = history.happenings[0].at if self.told_at_once else recorded_at
            known = {**self._usual, "number": number, "version": len(history.happenings), "recorded_at": told}
            for name, stored in self._stored.items():
                known[name] = stored(final[name])
            rows.append([known[part.name] for part in self._fields])
        insert_rows(self.kind.model._meta.db_table, columns, rows)

    def _insert_entries(self, numbers: Sequence[str], histories: Sequence[History], recorded_at: int) -> None:
        kind, actor, names = self.kind.name, self.by.number, personal_names(self.kind)
        entries = [
            (
                kind, number, version, happening.verb, happening.actor or actor,
                happening.at if self.told_at_once else recorded_at, happening.at,
                facts, happening.because, personal,
            )
            for number, history in zip(numbers, histories, strict=True)
            for version, happening in enumerate(history.happenings, 1)
            for facts, personal in (divided(happening.facts, happening.because, names),)
        ]  # fmt: skip
        seal = self._seal
        digests = entry_digests(entries)
        rows = [(*entry, digest, seal(digest)) for entry, digest in zip(entries, digests, strict=True)]
        insert_rows(LedgerEntry._meta.db_table, ENTRY_COLUMNS, rows)

    def _index(self, numbers: Sequence[str], histories: Sequence[History], finals: Sequence[dict[str, Any]]) -> None:
        """Let search find the new records, by what was said about them too."""
        pk_of = dict(self.kind.model._base_manager.filter(number__in=numbers).values_list("number", "pk"))
        rows = []
        for number, history, final in zip(numbers, histories, finals, strict=True):
            fields = [str(final.get(name) or "") for name in self.kind.searched]
            parts = [number, final["title"], *fields]
            rows += rows_from(self.kind, pk_of[number], final["title"], parts, _said_in(history))
        put_rows(self.kind, rows, new=True)

    def _follow(self, numbers: Sequence[str]) -> None:
        """Bring the projections of the kind up to date."""
        if not self.kind.rebuild:
            return
        records = sorted(self.kind.model.objects.filter(number__in=numbers), key=attrgetter("pk"))
        for follow in self.kind.rebuild:
            follow(records, KEPT)

    def _storing(self, part: FIELD) -> Stored:
        """A function from a fact to what the column holds."""
        if isinstance(part, models.ForeignKey):
            keys = self.keys
            return lambda number: None if number is None else keys[number]
        if isinstance(part, MomentField):
            return lambda text: milliseconds(datetime.fromisoformat(text)) if text else None
        if isinstance(part, models.CharField | models.TextField | models.IntegerField | models.BooleanField):
            return _same
        return lambda value: part.get_db_prep_save(part.to_python(value), connection)


def _same(value: Any) -> Any:
    return value


def _said_in(history: History) -> list[Said]:
    said = [one.facts for one in history.happenings if not one.kept and one.verb.endswith(":commented")]
    return [(facts["text"][1], bool(facts["internal"][1])) for facts in said][:COMMENTS]


def insert_rows(table: str, columns: Iterable[str], rows: Sequence[Sequence[Any]]) -> None:
    """Put many rows into a table, the quickest way that the database has; values are as the columns hold them."""
    if not rows:
        return
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    if connection.vendor == "postgresql":
        copy = f"COPY {table} ({names}) FROM STDIN"
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(copy) as lines:
            for row in rows:
                lines.write_row(row)
        return
    places = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


def obey_rules(kind: Kind, history: History, *, by: Actor) -> None:
    """Let a record without a past pass the one door's rules: what follows is added, InvalidFacts says what is wrong.

    Kinds that inherit have a past, which is told as it was; all others are born here, like any new record.
    """
    if kind.inherits is not None or len(history.happenings) != 1:
        return
    first = history.happenings[0]
    parts = {part.name: part for part in ledgered(kind.model)}
    born: Record = kind.model()
    told = {name: _living(parts[name], pair[1]) for name, pair in first.facts.items() if name != "custom"}
    apply(kind, born, Change("recorded", by, moment(first.at), told, old={}))
    facts = {name: row_fact(born, part) for name, part in parts.items()}
    first.facts = {name: [None, value] for name, value in facts.items() if value != blank(parts[name])}


def continue_history(kind: Kind, number: str, history: History, *, by: Actor, now: datetime) -> int:
    """Add what happened since to a record that lives here already; its new version.

    What the source says is new is laid over what the record holds by now; what was changed here and
    not there stays. An entry is left for each happening, as when the history was written whole.
    """
    record: Record = kind.model.objects.select_for_update().get(number=number)
    parts = {part.name: part for part in ledgered(kind.model)}
    known = {name: row_fact(record, part) for name, part in parts.items()}
    for happening in history.happenings:
        given = {name: _living(parts[name], new) for name, (_old, new) in happening.facts.items() if known[name] != new}
        if "custom" in given:
            # The source knows only its own; what was filled here beside it stays.
            given["custom"] = {**known["custom"], **given["custom"]}
        if kind.inherits is None:
            apply(kind, record, Change("changed", by, moment(happening.at), given, old=known))
        else:
            for name, value in given.items():
                setattr(record, name, value)
        seen = {name: row_fact(record, part) for name, part in parts.items()}
        facts = {name: [known[name], value] for name, value in seen.items() if value != known[name]}
        known = seen
        record.version += 1
        record.save(update_fields=("version", *facts))
        entry = append(
            kind=kind.name, number=number, version=record.version, verb=happening.verb, actor=by.number,
            recorded_at=now, happened_at=moment(happening.at), facts=facts, because=happening.because,
        )  # fmt: skip
        for follow in kind.after:
            follow(record, entry)
    index_record(kind, record)
    return record.version


def _living(part: FIELD, value: Any) -> Any:
    """A fact as the record in Python holds it."""
    if isinstance(part, models.ForeignKey):
        return None if value is None else part.related_model._base_manager.get(number=value)
    if isinstance(part, MomentField):
        return datetime.fromisoformat(value) if value else None
    return part.to_python(value)
