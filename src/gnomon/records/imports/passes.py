"""One pass through a file: plan each batch from what is known already, then count it or write it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext_noop

from gnomon.jobs.moments import milliseconds
from gnomon.records.actions.history import History, HistoryWriter, continue_history, insert_rows, obey_rules
from gnomon.records.actions.rules import broken_rule
from gnomon.records.definitions import version_in_force
from gnomon.records.imports.cases import Case, brought_together, one_by_one, row_digest
from gnomon.records.imports.findings import Finding, Severity, error, warning
from gnomon.records.imports.histories import Projector
from gnomon.records.imports.mappings import Mapping as FileMapping
from gnomon.records.imports.references import References
from gnomon.records.imports.tables import Table
from gnomon.records.imports.tallies import Tally
from gnomon.records.imports.targets import layout_of
from gnomon.records.imports.values import Named
from gnomon.records.kinds import Kind
from gnomon.records.models import ExternalKey
from gnomon.records.queries import as_of_version
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.plugs import Actor

CASES_AT_ONCE = 1000
ROWS_AT_ONCE = 6000
KEY_COLUMNS = ("kind", "source", "external", "number", "rows", "digest", "version")

CHANGED = gettext_noop(
    "The file tells the past of “%(key)s” differently than when it was imported as %(number)s; it was left as it is."
)
REFUSED = gettext_noop("“%(key)s” was left out: %(why)s")


@dataclass
class Plan:
    """What one batch will bring: records to make, records to go on with, and those told before."""

    new: list[tuple[Case, History]] = field(default_factory=list)
    more: list[tuple[Case, ExternalKey, History]] = field(default_factory=list)
    unchanged: int = 0
    left_out: int = 0
    deviations: Counter[tuple[str, str]] = field(default_factory=Counter)


class Pass:
    """Goes through a file with a mapping; the same code plans a dry and a real run."""

    def __init__(
        self, kind: Kind, mapping: FileMapping, table: Table, by: Actor, tally: Tally, *, now: datetime
    ) -> None:
        self.kind, self.table, self.by, self.tally, self.now = kind, table, by, tally, now
        self.mapping = replace(mapping, shape=mapping.shape_of(table.columns))
        workflow = kind.workflow_version(version_in_force(kind))
        self.layout = layout_of(kind, workflow, self.mapping, table.columns)
        self.digest = row_digest(table.columns, self.layout.used)
        self.projector = Projector(
            kind, workflow, self.mapping, self.layout, table.columns, self._report, milliseconds(now)
        )
        self.references = References(self.mapping, by, self._report)
        self.writer = HistoryWriter(kind, by)
        self.muted, self.faulty_row = False, 0

    def batches(self, skip: int = 0) -> Iterator[list[Case]]:
        """The cases of the file in batches, without the first `skip`: they and their findings are stored."""
        self.muted = skip > 0
        for finding in self.layout.noticed:
            self._report(finding)
        batch: list[Case] = []
        rows = 0
        for at, case in enumerate(self._cases()):
            if at < skip:
                # What is noticed from here on was not stored before.
                self.muted = at < skip - 1
                continue
            batch.append(case)
            rows += len(case.rows)
            if len(batch) >= CASES_AT_ONCE or rows >= ROWS_AT_ONCE:
                yield batch
                batch, rows = [], 0
        yield batch

    def plan(self, batch: list[Case]) -> Plan:
        """What a batch will bring, by what is known of its records already; reads only."""
        plan = Plan()
        before = self.projector.deviations.copy()
        keys = self._keys_of(batch)
        for case in batch:
            key = keys.get(case.key)
            if key is None:
                history = self.projector.history(case)
                if history is not None:
                    plan.new.append((case, history))
                else:
                    plan.left_out += 1
            else:
                self._go_on(case, key, plan)
        self._check_references(plan)
        self._check_rules(plan)
        plan.deviations = self.projector.deviations - before
        return plan

    def try_batch(self, batch: list[Case]) -> None:
        """Count what a batch would bring."""
        plan = self.plan(batch)
        histories = [history for _case, history in plan.new] + [history for _case, _key, history in plan.more]
        self.references.count(_named(histories))
        self._count(batch, plan)

    def write_batch(self, batch: list[Case], plan: Plan, now: datetime) -> None:
        """Write what a batch brings, in the caller's transaction."""
        self._write(plan.new, plan.more, now)
        self._count(batch, plan)

    def write_one_by_one(self, batch: list[Case], plan: Plan, now: datetime) -> None:
        """The same after the database refused the batch: the records that it refuses are named and left out."""
        self._take_back()
        new, more = plan.new, plan.more
        plan.new, plan.more = [], []
        for case, history in new:
            if self._try_to_write(case, [(case, history)], [], now):
                plan.new.append((case, history))
        for case, key, history in more:
            if self._try_to_write(case, [], [(case, key, history)], now):
                plan.more.append((case, key, history))
        plan.left_out += len(new) - len(plan.new)
        self._count(batch, plan)

    def _try_to_write(
        self,
        case: Case,
        new: list[tuple[Case, History]],
        more: list[tuple[Case, ExternalKey, History]],
        now: datetime,
    ) -> bool:
        try:
            with transaction.atomic():
                self._write(new, more, now)
        except (IntegrityError, DataError) as fault:
            self._take_back()
            self._refuse(case, broken_rule(self.kind.model, str(fault)))
            return False
        except InvalidFacts as refused:
            self._take_back()
            self._refuse(case, next(iter(refused.fields.values()), refused.says))
            return False
        return True

    def _take_back(self) -> None:
        """Forget whom a transaction recorded that was rolled back: the next try gives other keys to the same numbers."""
        self.references.take_back()
        self.writer.keys.clear()

    def _write(
        self, new: list[tuple[Case, History]], more: list[tuple[Case, ExternalKey, History]], now: datetime
    ) -> None:
        histories = [history for _case, history in new]
        self.references.settle([*histories, *(history for _case, _key, history in more)], now)
        for history in histories:
            obey_rules(self.kind, history, by=self.by)
        numbers = self.writer.write(histories, now=now)
        kind, source = self.kind.name, self.mapping.source
        keys = [
            (kind, source, case.key, number, len(case.rows), self.digest(case.rows), len(history.happenings))
            for (case, history), number in zip(new, numbers, strict=True)
        ]
        insert_rows(ExternalKey._meta.db_table, KEY_COLUMNS, keys)
        for case, key, history in more:
            key.version = continue_history(self.kind, key.number, history, by=self.by, now=now)
            key.rows, key.digest = len(case.rows), self.digest(case.rows)
            key.save(update_fields=("version", "rows", "digest"))
        self.references.keep()

    def _go_on(self, case: Case, key: ExternalKey, plan: Plan) -> None:
        """A record that was imported before: nothing new, further rows, or another past."""
        told = key.rows if self.mapping.shape == "events" else 0
        if key.rows and bytes(key.digest) == self.digest(case.rows[: key.rows]) and key.rows == len(case.rows):
            plan.unchanged += 1
            return
        if told > len(case.rows) or (told and bytes(key.digest) != self.digest(case.rows[:told])):
            self._report(warning(CHANGED, case.first_row, "", case.key, key=case.key, number=key.number))
            plan.unchanged += 1
            return
        last = case.rows[told - 1] if told else None
        history = self.projector.continued(as_of_version(key.number, key.version), last, case.rows[told:])
        plan.more.append((case, key, history or History()))

    def _check_references(self, plan: Plan) -> None:
        histories = [history for _case, history in plan.new] + [history for _case, _key, history in plan.more]
        self.references.look_up(_named(histories))
        if not self.references.faults:
            return
        new, more = plan.new, plan.more
        plan.new = [(case, history) for case, history in new if self._refers_well(case, history)]
        plan.more = [(case, key, history) for case, key, history in more if self._refers_well(case, history)]
        plan.left_out += len(new) - len(plan.new)

    def _check_rules(self, plan: Plan) -> None:
        """What can be said before anything is written; who refers to somebody not yet recorded is judged later."""
        if self.kind.inherits is not None:
            return
        new, plan.new = plan.new, []
        for case, history in new:
            if self.references.all_known(history):
                told = self.references.numbered(history)
                try:
                    obey_rules(self.kind, told, by=self.by)
                except InvalidFacts as refused:
                    self._refuse(case, next(iter(refused.fields.values()), refused.says))
                    continue
            plan.new.append((case, history))
        plan.left_out += len(new) - len(plan.new)

    def _refuse(self, case: Case, why: str) -> None:
        self._report(error(REFUSED, case.first_row, "", case.key, key=case.key, why=why))

    def _refers_well(self, case: Case, history: History) -> bool:
        for named in _named([history]):
            fault = self.references.fault(named)
            if fault is not None:
                column = self.projector.by_name[named.field].column
                self._report(error(fault[0], case.first_row, column, named.text, **fault[1]))
                return False
        return True

    def _count(self, batch: list[Case], plan: Plan) -> None:
        tally = self.tally
        tally.rows += sum(len(case.rows) for case in batch)
        tally.made += len(plan.new)
        tally.continued += sum(bool(history.happenings) for _case, _key, history in plan.more)
        tally.unchanged += plan.unchanged + sum(not history.happenings for _case, _key, history in plan.more)
        tally.left_out += plan.left_out
        tally.entries += sum(len(history.happenings) for _case, history in plan.new)
        tally.entries += sum(len(history.happenings) for _case, _key, history in plan.more)
        tally.references.update(self.references.made)
        self.references.made.clear()
        tally.deviations.update(plan.deviations)

    def _keys_of(self, batch: list[Case]) -> dict[str, ExternalKey]:
        """What is known of the records of a batch, from earlier imports."""
        keys = ExternalKey.objects.filter(
            kind=self.kind.name, source=self.mapping.source, external__in=[case.key for case in batch]
        )
        return {key.external: key for key in keys}

    def _cases(self) -> Iterator[Case]:
        if self.mapping.shape == "records":
            return one_by_one(self.table, self.layout.key, self.digest, self._report)
        assert self.layout.key is not None
        return brought_together(self.table, self.layout.key, self._report)

    def _report(self, finding: Finding) -> None:
        if self.muted:
            return
        self.tally.findings.add(finding)
        if finding.severity == Severity.ERROR and finding.row != self.faulty_row:
            self.tally.rows_left_out += 1
            self.faulty_row = finding.row


def _named(histories: list[History]) -> list[Named]:
    return [value for history in histories for pair in history.references for value in pair if isinstance(value, Named)]
