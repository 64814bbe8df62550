"""Records against the ledger: every field of every record is what its entries add up to."""

# Only names of our own tables and columns are put into statements; values are parameters.
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from gnomon.records.facts import erased_value, is_note
from gnomon.records.kinds import Kind, kinds
from gnomon.records.ledger.check_attached import Attached
from gnomon.records.ledger.check_columns import Columns, Referred, Row
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.personal import BECAUSE, erased
from gnomon.records.ledger.reading import rows

_decode = msgspec.json.Decoder().decode
# field → [old, new]; whatever has another shape was never written by us.
_facts_of = msgspec.json.Decoder(dict[str, Annotated[list[Any], msgspec.Meta(min_length=2, max_length=2)]]).decode
_NAMED = 100  # histories without a record that are named for one kind

# sequence, version, verb, recorded_at, facts, actor, happened_at, personal
_Entry = tuple[int, int, str, int, str, str, int, str]


class RecordsCheck:
    """One walk along the records of every kind; what it sees goes to `findings`.

    Records lie in blocks by their keys. Where two processes share the work, `takes` says which blocks are ours.
    """

    def __init__(
        self, findings: Findings, progress: Callable[[int], None], takes: Callable[[int], bool] = lambda _block: True
    ) -> None:
        self.findings, self.progress, self.takes = findings, progress, takes
        self.records = 0
        self.erased: Counter[str] = Counter()  # the number of an erasure → entries that tell of it

    def walk(self) -> None:
        """All records that are ours, and histories that have lost theirs."""
        self.walk_all_kinds()
        for kind in kinds():
            self._without_record(kind)
        self._of_no_kind()

    def walk_all_kinds(self) -> None:
        """All records that are ours."""
        for kind in kinds():
            self.walk_kind(kind)

    def walk_kind(self, kind: Kind) -> None:
        """The records of one kind that are ours."""
        columns, last = Columns(kind), 0
        while block := columns.block(last):
            number, end = block
            if self.takes(number):
                self._page(kind, columns, last + 1, end)
            last = end

    def _page(self, kind: Kind, columns: Columns, first: int, last: int) -> None:
        try:
            present = columns.page(first, last)
            referred = columns.referred(present)
        except (DatabaseError, TypeError, ValueError, OverflowError):
            # Somebody wrote what no field can hold; the record that has it is found by reading each alone.
            if first == last:
                self.records += 1
                says = _("The row %(row)s of %(kind)s cannot be read.") % {"row": first, "kind": kind.plural}
                self.findings.add(Fault("record_differs", says, kind=kind.name))
                return
            middle = (first + last) // 2
            self._page(kind, columns, first, middle)
            self._page(kind, columns, middle + 1, last)
            return
        self.records += len(present)
        self._compare(kind, columns, present, referred)

    def _compare(self, kind: Kind, columns: Columns, present: Sequence[Row], referred: Referred) -> None:
        numbers = [row[1] for row in present]
        history = _history(numbers)
        attached = Attached(kind, numbers)
        for row in present:
            entries = history.get(row[1], [])
            self._compare_one(kind, columns, row, entries, referred)
            attached.compare(row[1], [entry for entry in entries if _is_note(entry[2])], self.findings)
        self.progress(sum(map(len, history.values())))

    def _compare_one(
        self, kind: Kind, columns: Columns, row: Row, entries: Sequence[_Entry], referred: Referred
    ) -> None:
        number, version, recorded_at = row[1], row[2], row[3]
        if not entries:
            says = _("%(number)s stands in the database, but no ledger entry tells of it.") % {"number": number}
            self.findings.add(Fault("record_without_ledger", says, kind=kind.name, number=number))
            return
        if not self._versions(kind, number, version, entries):
            return  # with an entry missing, what the fields should be cannot be known
        self._erasures(kind, number, entries)
        known, told = dict(columns.blank), {}
        for sequence, _version, verb, _recorded, text, _actor, _happened, personal in entries:
            if not _is_note(verb):
                for name, pair in _facts(text, personal).items():
                    known[name] = pair[1]
                    told[name] = sequence
        first = entries[0]
        if recorded_at != first[3]:
            self._differs(kind, number, "recorded_at", sequence=first[0], there=recorded_at, known=None)
        for name, there in columns.differing(row, known, referred):
            sequence = told.get(name, first[0])
            self._differs(kind, number, name, sequence=sequence, there=there, known=known[name])

    def _erasures(self, kind: Kind, number: str, entries: Sequence[_Entry]) -> None:
        """Whether just that is gone from the entries which a later one says was erased."""
        gone = {
            (entry[1], name): entry[0]
            for entry in entries
            if isinstance(entry[7], str) and '":"' in entry[7]
            for name in _erased(entry[7])
        }
        told: dict[tuple[Any, Any], _Entry] = {}
        for entry in entries:
            if isinstance(entry[2], str) and entry[2].endswith(":erased"):
                told.update((pair, entry) for pair in _told_erased(entry) if pair[0] < entry[1])
                case = str(_facts(entry[4], "").get("erasure", [None, ""])[1])
                self.erased[case] += 1
        for (version, name), sequence in sorted(gone.items()):
            if (version, name) not in told:
                says = _("%(number)s #%(version)d: “%(field)s” was taken out, but no entry tells of an erasure.")
                says %= {"number": number, "version": version, "field": name.lstrip(":")}
                self.findings.add(Fault("altered", says, sequence, kind.name, number, version, name))
        for version, name in sorted(told.keys() - gone.keys(), key=repr):
            says = _("%(number)s #%(version)s: “%(field)s” was erased, and is there again.")
            says %= {"number": number, "version": version, "field": str(name).lstrip(":")}
            self.findings.add(Fault("altered", says, told[version, name][0], kind.name, number, field=str(name)))

    def _versions(self, kind: Kind, number: str, version: int, entries: Sequence[_Entry]) -> bool:
        """Whether the entries are numbered 1 to n without a gap, and the record counts as many."""
        expected, before = 1, 0
        for sequence, present, *_rest in entries:
            if present != expected:
                says = _("Version %(version)d of %(number)s is missing from the ledger.")
                says %= {"version": expected, "number": number}
                fault = Fault("missing", says, kind=kind.name, number=number, version=expected)
                self.findings.gap(fault, before, sequence)
                return False
            expected, before = present + 1, sequence
        if version == len(entries):
            return True
        says = _("%(number)s counts %(there)s entries, but the ledger has %(known)d.")
        says %= {"number": number, "there": version, "known": len(entries)}
        if isinstance(version, int) and version > len(entries):
            fault = Fault("missing", says, kind=kind.name, number=number, version=len(entries) + 1, field="version")
            self.findings.gap(fault, before, None)
        else:
            fault = Fault("record_differs", says, sequence=before, kind=kind.name, number=number, field="version")
            self.findings.add(fault)
        return False

    def _differs(self, kind: Kind, number: str, name: str, *, sequence: int, there: Any, known: Any) -> None:
        says = _("%(number)s: “%(field)s” is %(there)s in the record, but %(known)s by entry %(sequence)d.")
        if name == "recorded_at":
            says = _("%(number)s: “%(field)s” is not the time of entry %(sequence)d, which brought it into being.")
        title = getattr(kind.model._meta.get_field(name), "verbose_name", name)
        says %= {"number": number, "field": title, "there": _short(there), "known": _short(known), "sequence": sequence}
        self.findings.add(
            Fault("record_differs", says, sequence=sequence, kind=kind.name, number=number, field=name)
        )  # fmt: skip

    def _without_record(self, kind: Kind) -> None:
        table = connection.ops.quote_name(kind.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT number, MIN(sequence) FROM records_ledgerentry e WHERE kind = %s AND NOT EXISTS "
                f"(SELECT 1 FROM {table} r WHERE r.number = e.number) GROUP BY number ORDER BY 2 LIMIT %s",
                [kind.name, _NAMED],
            )
            for number, sequence in cursor.fetchall():
                says = _("%(number)s has a history in the ledger, but the record is gone.") % {"number": number}
                self.findings.add(
                    Fault("ledger_without_record", says, sequence=sequence, kind=kind.name, number=number)
                )  # fmt: skip

    def _of_no_kind(self) -> None:
        with connection.cursor() as cursor:
            # Hopping along the index from kind to kind, instead of reading every entry for its kind.
            cursor.execute(
                "WITH RECURSIVE hop(kind) AS (SELECT MIN(kind) FROM records_ledgerentry UNION ALL "
                "SELECT (SELECT MIN(kind) FROM records_ledgerentry WHERE kind > hop.kind) FROM hop "
                "WHERE hop.kind IS NOT NULL) "
                "SELECT kind, (SELECT MIN(sequence) FROM records_ledgerentry e WHERE e.kind = hop.kind) "
                "FROM hop WHERE kind IS NOT NULL"
            )
            for name, sequence in cursor.fetchall():
                if name not in {kind.name for kind in kinds()}:
                    says = _("The ledger tells of records of the kind “%(kind)s”, which no installed app declares.")
                    self.findings.add(
                        Fault("ledger_without_record", says % {"kind": name}, sequence=sequence, kind=name)
                    )  # fmt: skip


@lru_cache(4096)
def _is_note(verb: str) -> bool:
    return is_note(verb)


def _history(numbers: Iterable[str]) -> dict[str, list[_Entry]]:
    wanted = list(numbers)
    history: dict[str, list[_Entry]] = {}
    for number, *entry in rows(
        "SELECT number, sequence, version, verb, recorded_at, facts, actor, happened_at, personal FROM records_ledgerentry "
        f"WHERE number IN ({', '.join(['%s'] * len(wanted))}) ORDER BY number, version",
        wanted,
    ):
        history.setdefault(number, []).append(tuple(entry))
    return history


def _erased(personal: str) -> set[str]:
    try:
        return erased(personal)
    except (AttributeError, ValueError):
        return set()  # the digest has told already


def _told_erased(entry: _Entry) -> Iterator[tuple[int, str]]:
    """The values, by version and field, that an entry says were erased."""
    for pair in _facts(entry[4], "").get("erased_values", [None, ()])[1] or ():
        if type(pair) is list and len(pair) == 2 and type(pair[0]) is int and type(pair[1]) is str:
            yield pair[0], pair[1]


def _facts(text: Any, personal: Any) -> dict[str, list[Any]]:
    """The facts of an entry; none when they are unreadable, which the digest has told already."""
    try:
        facts = _facts_of(text)
        for name, part in _decode(personal).items() if personal else ():
            if name != BECAUSE:
                facts[name] = part[:2] if type(part) is list else [erased_value(name)] * 2
    except (AttributeError, TypeError, ValueError, RecursionError):
        return {}
    return facts


def _short(value: Any) -> str:
    if value is None or value == "":
        return _("empty")
    text = str(value).encode("utf-8", "replace").decode()
    return f"“{text}”" if len(text) <= 60 else f"“{text[:57]}…”"
