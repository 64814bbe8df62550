"""People, teams and services that a file names: found by number, by name or by what they came from, else recorded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gnomon.jobs.moments import milliseconds
from gnomon.records import permissions
from gnomon.records.actions.history import Happening, History, HistoryWriter, born_facts
from gnomon.records.definitions import version_in_force
from gnomon.records.facts import blank, ledgered
from gnomon.records.imports.findings import warning
from gnomon.records.imports.mappings import Mapping as FileMapping
from gnomon.records.imports.mappings import Origin
from gnomon.records.imports.refusals import MappingFault
from gnomon.records.imports.tables import Report
from gnomon.records.imports.values import Named
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.models import ExternalKey
from gnomon.standard.plugs import Actor

UNKNOWN = gettext_noop("%(kind)s “%(name)s” is not known. Record it first, or let the mapping do so (create: true).")
AMBIGUOUS = gettext_noop("%(kind)s: “%(name)s” is the name of several. Give a number instead.")
WITHOUT_FACTS = gettext_noop(
    "%(kind)s: new ones are recorded with their names alone, because your roles do not permit to import them."
)
AT_ONCE = 900


@dataclass
class References:
    """Numbers behind names, for one run. `numbers` grows; what a run once found it does not ask for again."""

    mapping: FileMapping
    by: Actor
    report: Report
    numbers: dict[tuple[str, str], str | None] = field(default_factory=dict)
    faults: dict[tuple[str, str], tuple[str, dict[str, Any]]] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)
    writers: dict[str, HistoryWriter] = field(default_factory=dict)
    settled: list[tuple[list[Any], int, Named]] = field(default_factory=list)
    recorded: list[tuple[str, str]] = field(default_factory=list)
    warned: set[str] = field(default_factory=set)

    def look_up(self, wanted: Iterable[Named]) -> None:
        """Find what is known of these; reads only, so that a dry run learns the same."""
        by_kind: dict[str, dict[str, Named]] = defaultdict(dict)
        for named in wanted:
            if (named.kind, named.text) not in self.numbers:
                by_kind[named.kind][named.text] = named
        for name, named_by in by_kind.items():
            found, several = self._known(kind_named(name), named_by)
            for text, named in named_by.items():
                self.numbers[name, text] = found.get(text)
                if text in found:
                    continue
                if text in several:
                    self.faults[name, text] = AMBIGUOUS, {"name": text, "kind": str(kind_named(name).plural)}
                elif not self._origin(named).create:
                    self.faults[name, text] = UNKNOWN, {"name": text, "kind": str(kind_named(name).title)}

    def fault(self, named: Named) -> tuple[str, dict[str, Any]] | None:
        """Why this name cannot be used; None when it is known or will be recorded."""
        return self.faults.get((named.kind, named.text))

    def count(self, wanted: Iterable[Named]) -> None:
        """Count in a dry run what a real one would record."""
        for named in wanted:
            key = named.kind, named.text
            if self.numbers.get(key) is None and key not in self.faults:
                self.numbers[key] = ""
                self.made[named.kind] += 1

    def settle(self, histories: Iterable[History], now: datetime) -> None:
        """Record who is missing, in the caller's transaction, and put numbers in the place of names."""
        pairs = [pair for history in histories for pair in history.references]
        missing: dict[str, dict[str, Named]] = defaultdict(dict)
        for pair in pairs:
            for value in pair:
                if isinstance(value, Named) and not self.numbers.get((value.kind, value.text)):
                    missing[value.kind][value.text] = value
        for name, named_by in missing.items():
            self._record(kind_named(name), list(named_by.values()), now)
        for pair in pairs:
            for at in (0, 1):
                named = pair[at]
                if isinstance(named, Named):
                    self.settled.append((pair, at, named))
                    pair[at] = self.numbers[named.kind, named.text]

    def all_known(self, history: History) -> bool:
        """Whether everybody whom this history names has a number."""
        return all(
            self.numbers.get((n.kind, n.text)) for pair in history.references for n in pair if isinstance(n, Named)
        )

    def numbered(self, history: History) -> History:
        """A copy in which numbers stand for names, to be looked at before anything is written."""
        return History(
            [
                replace(
                    happening,
                    facts={
                        name: [self._number(old), self._number(new)] for name, (old, new) in happening.facts.items()
                    },
                )
                for happening in history.happenings
            ]
        )

    def _number(self, value: Any) -> Any:
        return self.numbers[value.kind, value.text] if isinstance(value, Named) else value

    def keep(self) -> None:
        """The transaction was committed: what was settled stays so."""
        self.settled.clear()
        self.recorded.clear()

    def take_back(self) -> None:
        """The transaction was rolled back, and with it whoever was recorded in it."""
        for pair, at, named in self.settled:
            pair[at] = named
        for key in self.recorded:
            self.numbers[key] = None
            self.made[key[0]] -= 1
        for writer in self.writers.values():
            writer.keys.clear()
        self.keep()

    def _record(self, kind: Kind, wanted: list[Named], now: datetime) -> None:
        writer = self.writers.setdefault(kind.name, HistoryWriter(kind, self.by))
        workflow = kind.workflow_version(version_in_force(kind))
        born, blanks = born_facts(kind, workflow), {part.name: blank(part) for part in ledgered(kind.model)}
        at = milliseconds(now)
        histories = []
        for named in wanted:
            whole = {**born, "title": named.text, **self._facts(kind, named)}
            facts = {name: [None, value] for name, value in whole.items() if value != blanks[name]}
            histories.append(History([Happening(f"{kind.name}:recorded", at, facts)]))
        numbers = writer.write(histories, now=now)
        ExternalKey.objects.bulk_create(
            ExternalKey(
                kind=kind.name, source=self.mapping.source, external=named.text, number=number, rows=0, digest=b""
            )
            for named, number in zip(wanted, numbers, strict=True)
        )  # fmt: skip
        for named, number in zip(wanted, numbers, strict=True):
            self.numbers[kind.name, named.text] = number
            self.recorded.append((kind.name, named.text))
        self.made[kind.name] += len(wanted)

    def _facts(self, kind: Kind, named: Named) -> Mapping[str, Any]:
        """What the mapping gives beside the name: only to those who may import such records, since it can be power."""
        facts = self._origin(named).facts or {}
        known = {part.name for part in ledgered(kind.model)} - {"status", "workflow_version"}
        for name in facts:
            if name not in known:
                raise MappingFault(
                    _("%(kind)s has no field “%(name)s”. It has: %(known)s.")
                    % {"kind": kind.title, "name": name, "known": ", ".join(sorted(known))}
                )
        if facts and not permissions.may(self.by, "import", kind):
            if kind.name not in self.warned:
                self.warned.add(kind.name)
                self.report(warning(WITHOUT_FACTS, kind=str(kind.plural)))
            return {}
        return facts

    def _origin(self, named: Named) -> Origin:
        return self.mapping.origins[named.field]

    def _known(self, kind: Kind, wanted: Mapping[str, Named]) -> tuple[dict[str, str], set[str]]:
        """Number by name: as imported before, by number, by title or another field that the mapping says."""
        texts = list(wanted)
        found: dict[str, str] = {}
        several: set[str] = set()
        keys = ExternalKey.objects.filter(kind=kind.name, source=self.mapping.source)
        for some in _slices(texts):
            found.update(keys.filter(external__in=some).values_list("external", "number"))
        for name in ("number", "title", *self._origin(next(iter(wanted.values()))).by):
            left = [text for text in texts if text not in found]
            counted: Counter[str] = Counter()
            for some in _slices(left):
                rows = kind.model.objects.filter(**{f"{name}__in": some}).values_list(name, "number")
                for text, number in rows.order_by("-pk"):
                    found[text] = number
                    counted[text] += 1
            doubled = {text for text, count in counted.items() if count > 1}
            several |= doubled
            for text in doubled:
                del found[text]
        return found, several


def _slices(texts: list[str]) -> Iterable[list[str]]:
    for start in range(0, len(texts), AT_ONCE):
        yield texts[start : start + AT_ONCE]
