"""Comments, files, links and participants against the entries that tell of them."""

# Only names of our own tables and columns are put into statements; values are parameters.
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gnomon.records.facts import HANGING, read_facts
from gnomon.records.kinds import Kind, kind_of_number
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.reading import rows

_Key = tuple[Any, ...]
_NOTHING: frozenset[_Key] = frozenset()
# What is compared of each. SQLite hands out as no whatever else than 1 stands in a column of yes and no; as text it
# is what it is.
TABLES = {
    "comment": ("records_comment", "entry, text, CAST(internal AS TEXT), actor, happened_at, recorded_at, kind"),
    "attachment": ("records_attachment", "entry, name, sha256, size, CAST(internal AS TEXT), actor, recorded_at, kind"),
    "link": ("records_link", "relation, other_number, actor, recorded_at, other_kind, kind"),
    "participant": ("records_participant", "part, person, kind"),
}
FLAGS = {"0": False, "1": True, "false": False, "true": True}
_INTERNAL = {"comment": 2, "attachment": 4}  # place of the column among those above


class Attached:
    """What hangs on the records of one page, as the tables have it."""

    def __init__(self, kind: Kind, numbers: Sequence[str]) -> None:
        self.kind = kind
        self._there: dict[str, dict[str, list[_Key]]] = defaultdict(lambda: defaultdict(list))
        among = f"WHERE number IN ({', '.join(['%s'] * len(numbers))})"
        for what, (table, columns) in TABLES.items():
            for number, *hung in rows(f"SELECT number, {columns} FROM {table} {among}", numbers):
                if what in _INTERNAL:
                    flag = hung[_INTERNAL[what]]
                    hung[_INTERNAL[what]] = FLAGS.get(flag, flag)
                self._there[number][what].append(tuple(hung))

    def compare(self, number: str, notes: Sequence[Any], findings: Findings) -> None:
        """Name what hangs on this record without an entry, and what has an entry but hangs there no more."""
        there = self._there.get(number)
        if not notes and not there:
            return
        there = there or {}
        told, sequences = _told(self.kind.name, notes)
        for what, title in TITLES.items():
            known, standing = told.get(what, _NOTHING), there.get(what, ())
            present = set(standing)
            if present == known and len(standing) == len(known):
                continue
            for twin in sorted((key for key in known & present if standing.count(key) > 1), key=repr):
                says = _("%(number)s: a %(what)s stands there %(count)d times, but the ledger tells of it once.")
                says %= {"number": number, "what": title(), "count": standing.count(twin)}
                findings.add(self._fault(says, number, what, sequences.get((what, *twin))))
            for extra in sorted(present - known, key=repr):
                says = _("%(number)s: a %(what)s there is not the one that the ledger tells of.")
                says %= {"number": number, "what": title()}
                findings.add(self._fault(says, number, what, sequences.get((what, *extra))))
            if len(present) < len(known):
                for lost in sorted(known - present, key=repr):
                    says = _("%(number)s: a %(what)s that the ledger tells of is gone.")
                    says %= {"number": number, "what": title()}
                    findings.add(self._fault(says, number, what, sequences.get((what, *lost))))

    def _fault(self, says: str, number: str, what: str, sequence: int | None) -> Fault:
        return Fault("attached_differs", says, sequence=sequence, kind=self.kind.name, number=number, field=what)


TITLES: dict[str, Callable[[], str]] = {
    "comment": lambda: _("comment"),
    "attachment": lambda: _("file"),
    "link": lambda: _("link"),
    "participant": lambda: _("participant"),
}


def _told(kind: str, notes: Sequence[Any]) -> tuple[dict[str, set[_Key]], dict[_Key, int]]:
    """What should hang on a record by its entries, and which entry says so."""
    told: dict[str, dict[_Key, _Key]] = defaultdict(dict)  # what is taken off again is known by its first key
    sequences: dict[_Key, int] = {}
    for sequence, _version, verb, recorded, text, actor, happened, personal in notes:
        note = verb.rpartition(":")[2]
        if note not in HANGING:
            continue  # it speaks of no table
        try:
            facts = {name: pair[1] if pair[0] is None else pair[0] for name, pair in read_facts(text, personal).items()}
        except (TypeError, ValueError, AttributeError, IndexError):
            continue  # the digest has told already
        what, key, rest = _key(note, facts, sequence, actor, happened, recorded)
        if note in {"unlinked", "left"}:
            told[what].pop(key, None)
        else:
            told[what][key] = (*key, *rest, kind)
            sequences[(what, *key, *rest, kind)] = sequence
    return {what: set(keys.values()) for what, keys in told.items()}, sequences


def _key(
    note: str, facts: dict[str, Any], sequence: int, actor: str, happened: int, recorded: int
) -> tuple[str, _Key, _Key]:
    """Which table an entry speaks of, what tells the row apart, and what else stands in it."""
    if note == "commented":
        return "comment", (sequence, facts.get("text"), facts.get("internal"), actor, happened, recorded), ()
    if note == "attached":
        kept = (facts.get("name"), facts.get("sha256"), facts.get("size"), facts.get("internal"))
        return "attachment", (sequence, *kept, actor, recorded), ()
    if note in {"linked", "unlinked"}:
        other = facts.get("other")
        return "link", (facts.get("relation"), other), (actor, recorded, _kind_named_by(other))
    return "participant", (facts.get("part"), facts.get("person")), ()


def _kind_named_by(number: Any) -> str | None:
    try:
        return kind_of_number(str(number)).name
    except LookupError:
        return None
