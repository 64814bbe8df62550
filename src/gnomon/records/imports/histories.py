"""From the rows of a case to what happened to a record: one entry a row, each the difference to the row before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from gnomon.jobs.moments import milliseconds
from gnomon.records.actions.history import Happening, History, born_facts
from gnomon.records.facts import blank, ledgered
from gnomon.records.imports.cases import Case
from gnomon.records.imports.dates import written
from gnomon.records.imports.findings import Finding, error
from gnomon.records.imports.mappings import Mapping as FileMapping
from gnomon.records.imports.tables import Report, Row
from gnomon.records.imports.targets import Keeper, Layout, Target
from gnomon.records.imports.values import BEFORE, ValueFault
from gnomon.records.kinds import Kind
from gnomon.workflow.tables import Workflow

MUST_BE_FILLED = gettext_noop("“%(field)s” must be filled, and the row has nothing for it.")
NO_TIME = gettext_noop("The row does not say when it happened.")
NOT_YET = gettext_noop("The row would happen in the future: %(at)s.")
SKEW = 5 * 60 * 1000


class RowFaults(Exception):
    """A row that cannot be used, with all that is wrong with it."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(len(findings))
        self.findings = findings


@dataclass(slots=True)
class _Walk:
    """Where we are in a case: the facts so far, the values as read, the row before, what was made."""

    known: dict[str, Any]
    first: bool
    values: dict[str, Any] = field(default_factory=dict)
    before: list[str] | None = None
    made: History = field(default_factory=History)


@dataclass
class Projector:
    """Turns cases of one file into histories; it touches no database, so a dry run is the same run."""

    kind: Kind
    workflow: Workflow
    mapping: FileMapping
    layout: Layout
    columns: tuple[str, ...]
    report: Report
    now: int
    deviations: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.born = born_facts(self.kind, self.workflow)
        self.blanks = {part.name: blank(part) for part in ledgered(self.kind.model)}
        self.must = {
            part.name: str(part.verbose_name)
            for part in ledgered(self.kind.model)
            if self.blanks[part.name] in ("", [], {}) and not part.blank
        }
        self.by_name = {target.name: target for target in self.layout.targets}
        self.touched_by: dict[int, list[Target]] = {}
        for target in self.layout.targets:
            for at in target.at if not target.once else ():
                self.touched_by.setdefault(at, []).append(target)
        self.kept_at = frozenset(self.layout.kept.at if self.layout.kept is not None else ())
        for at in self.kept_at:
            self.touched_by.setdefault(at, [])
        self.watched = tuple(self.touched_by)
        self.depends = tuple(target for target in self.layout.targets if target.while_in)
        self.references = frozenset(target.name for target in self.layout.targets if target.is_reference)
        self.verbs: dict[tuple[str, str], str] = {}

    def history(self, case: Case) -> History | None:
        """What happened to a record that is not yet known; None when no row of it can be used."""
        walk = _Walk(dict(self.born), first=True)
        if self.mapping.shape == "records":
            self._try(self._stages, case.rows[0], walk)
        else:
            for row in case.rows:
                self._try(self._event, row, walk)
        return walk.made if walk.made.happenings else None

    def continued(self, known: Mapping[str, Any], last: Row | None, rows: Sequence[Row]) -> History | None:
        """What the rows after `last` add to a record of which the source had told `known`."""
        walk = _Walk({**self.blanks, **known}, first=False)
        if last is not None:
            walk.values, walk.before = self._read_leniently(last), last.cells
        for row in rows:
            self._try(self._event if self.mapping.shape == "events" else self._update, row, walk)
        return walk.made if walk.made.happenings else None

    def _try(self, step: Callable[[Row, _Walk], None], row: Row, walk: _Walk) -> None:
        try:
            step(row, walk)
        except RowFaults as faults:
            for finding in faults.findings:
                self.report(finding)

    def _event(self, row: Row, walk: _Walk) -> None:
        """One row of a log: the difference to the row before."""
        at = self._time(row)
        assert at is not None
        before, cells = walk.before, row.cells
        if before is None:
            changed, targets = None, self.layout.targets
        else:
            changed = [place for place in self.watched if cells[place] != before[place]]
            targets = tuple({target.name: target for place in changed for target in self.touched_by[place]}.values())
        fresh = self._read(row, targets)
        self._happen(row, walk, at, self._facts(row, fresh, walk, changed))
        walk.values.update(fresh)
        walk.before = cells

    def _stages(self, row: Row, walk: _Walk) -> None:
        """The one row of a record: what its dates say about how it came to stand where it stands."""
        fresh = self._read(row, self.layout.targets)
        told = self._time(row, needed=False)
        initial = self.workflow.initial.name
        final = fresh.pop("status", initial)
        unread = final is BEFORE
        final = initial if unread else final
        dates = {stage.status: date for stage in self.mapping.stages if (date := fresh.get(stage.at))}
        order = [stage.status for stage in self.mapping.stages]
        passed = order[: order.index(final) + 1] if final in order else []
        steps: list[tuple[str, int | None]] = [(initial, _since_1970(dates[initial]) if initial in dates else told)]
        steps += [(status, _since_1970(dates[status])) for status in passed if status in dates and status != initial]
        if steps[-1][0] != final:
            steps.append((final, told if told is not None else steps[-1][1]))
        for _status, at in steps:
            self._not_yet(row, at)
        for status, at in steps:
            seen = {**fresh, "status": BEFORE if unread else status}
            self._happen(row, walk, self.now if at is None else at, self._facts(row, seen, walk))

    def _update(self, row: Row, walk: _Walk) -> None:
        """The one row of a record that was told differently before."""
        fresh = self._read(row, [target for target in self.layout.targets if not target.once])
        at = self._time(row, needed=False)
        facts = self._facts(row, fresh, walk)
        if facts:
            self._happen(row, walk, self.now if at is None else at, facts)

    def _facts(
        self, row: Row, fresh: Mapping[str, Any], walk: _Walk, changed: Sequence[int] | None = None
    ) -> dict[str, list[Any]]:
        """What is different now; a value that its status does not know of yet counts as empty.

        `changed` are the places of the cells that differ from the row before, where there was one.
        """
        known, facts = walk.known, dict[str, list[Any]]()
        was = known["status"]
        told = fresh.get("status", BEFORE)
        status = was if told is BEFORE else told
        if status != was:
            facts["status"] = [was, status]
            # What was told before and meant nothing then may mean something now, and the reverse.
            fresh = {**{t.name: walk.values[t.name] for t in self.depends if t.name in walk.values}, **fresh}
        for name, value in fresh.items():
            if name != "status":
                target = self.by_name[name]
                meant = value if not target.while_in or status in target.while_in else target.nothing
                if known[name] != meant:
                    facts[name] = [known[name], meant]
        if self.layout.kept is not None and (
            changed is None or "status" in fresh or not self.kept_at.isdisjoint(changed)
        ):
            self._keep(self.layout.kept, row, status, told is BEFORE and "status" in fresh, known, facts)
        return self._first(row, known, facts) if walk.first else facts

    def _keep(
        self, kept: Keeper, row: Row, status: str, unread: bool, known: Mapping[str, Any], facts: dict[str, list[Any]]
    ) -> None:
        """The facts of the source, among them a status that nobody understood."""
        value = kept.read(row.cells, status)
        if unread:
            column = self.by_name["status"].at[0]
            value[self.columns[column]] = row.cells[column].strip()
        if known[kept.name] != value:
            facts[kept.name] = [known[kept.name], value]

    def _first(self, row: Row, known: Mapping[str, Any], facts: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """The first entry tells everything that is not empty, as every first entry does."""
        blanks = self.blanks
        whole = {**known, **{name: new for name, (_old, new) in facts.items()}}
        missing = [title for name, title in self.must.items() if whole[name] in (None, "", [], {})]
        if missing:
            raise RowFaults(*[error(MUST_BE_FILLED, row.number, field=title) for title in missing])
        return {name: [None, value] for name, value in whole.items() if value != blanks[name]}

    def _happen(self, row: Row, walk: _Walk, at: int, facts: dict[str, list[Any]]) -> None:
        was = walk.known["status"]
        status = facts["status"][1] if "status" in facts else was
        verb = "recorded" if walk.first else self._verb(was, status)
        for name, stamp in self.mapping.stamps.items():
            had = facts[name][1] if name in facts else walk.known[name]
            if had is None and status in stamp.enters:
                facts[name] = [walk.known[name], written(at)]
            elif had is not None and stamp.while_in and status not in stamp.while_in:
                facts[name] = [walk.known[name], None]
                if walk.known[name] is None:
                    del facts[name]
        because = "" if self.layout.because is None else row.cells[self.layout.because].strip()
        walk.made.happenings.append(Happening(f"{self.kind.name}:{verb}", at, facts, because))
        walk.first = False
        for name, pair in facts.items():
            walk.known[name] = pair[1]
            if name in self.references:
                walk.made.references.append(pair)

    def _verb(self, old: str, new: str) -> str:
        """The move that fits; a change of status that no move allows happened all the same, and is counted."""
        if old == new:
            return "changed"
        verb = self.verbs.get((old, new))
        if verb is None:
            fitting = [move for move in self.workflow.moves if old in move.starts and new in move.ends]
            # The move made for this very step says more than one that starts from anywhere.
            verb = min(fitting, key=lambda move: len(move.starts)).name if fitting else "moved"
            self.verbs[old, new] = verb
        if verb == "moved":
            self.deviations[old, new] += 1
        return verb

    def _read(self, row: Row, targets: Iterable[Target]) -> dict[str, Any]:
        fresh: dict[str, Any] = {}
        faults: list[Finding] = []
        for target in targets:
            try:
                fresh[target.name] = target.read(row.cells)
            except ValueFault as fault:
                value = row.cells[target.at[0]] if target.at else ""
                faults.append(error(fault.text, row.number, target.column, value, **fault.facts))
        if faults:
            raise RowFaults(*faults)
        return fresh

    def _read_leniently(self, row: Row) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for target in self.layout.targets:
            with suppress(ValueFault):
                values[target.name] = target.read(row.cells)
        return values

    def _time(self, row: Row, needed: bool = True) -> int | None:
        happened = self.layout.happened_at
        if happened is None:
            return None
        try:
            at: int | None = happened.read(row.cells)
        except ValueFault as fault:
            raise RowFaults(
                error(fault.text, row.number, happened.column, row.cells[happened.at[0]], **fault.facts)
            ) from None
        if at is None and needed:
            raise RowFaults(error(NO_TIME, row.number, happened.column))
        self._not_yet(row, at)
        return at

    def _not_yet(self, row: Row, at: int | None) -> None:
        if at is not None and at > self.now + SKEW:
            raise RowFaults(error(NOT_YET, row.number, at=written(at)))


def _since_1970(text: str) -> int:
    return milliseconds(datetime.fromisoformat(text))
