"""Runs of imports: dry or real, batch by batch, resumable after any interruption, idempotent when repeated."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from math import inf
from pathlib import Path

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from gnomon.records import permissions
from gnomon.records.definitions import version_in_force
from gnomon.records.imports.cases import Case
from gnomon.records.imports.findings import Finding, Findings, Severity
from gnomon.records.imports.mappings import Mapping, table_of
from gnomon.records.imports.ocel import ocel_table
from gnomon.records.imports.passes import Pass, Plan
from gnomon.records.imports.refusals import ImportRefused, ImportUnderWay
from gnomon.records.imports.tables import Table, csv_table
from gnomon.records.imports.tallies import Tally
from gnomon.records.imports.targets import layout_of
from gnomon.records.imports.xes import xes_table
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.models import ImportFinding, ImportRun
from gnomon.records.refusals import InvalidFacts
from gnomon.records.search.vocabulary import learn
from gnomon.standard.plugs import Actor

Progress = Callable[[int, int], None]
Write = Callable[[list[Case], Plan, datetime], None]


def table_at(path: Path, mapping: Mapping) -> Table:
    """Open the file as the mapping says: separated values or an event log."""
    if mapping.reads == "xes":
        return xes_table(path)
    if mapping.reads == "ocel":
        return ocel_table(path, mapping.objects or mapping.kind)
    return csv_table(path, mapping.encoding, mapping.separator, mapping.fill)


def kind_to_import(mapping: Mapping, by: Actor) -> Kind:
    """The kind that the mapping fills, if this person may import it."""
    try:
        kind = kind_named(mapping.kind)
    except LookupError:
        raise ImportRefused(_("There is no kind of record called “%(kind)s”.") % {"kind": mapping.kind}) from None
    permissions.require(by, "import", kind)
    return kind


def check_mapping(path: Path, mapping: Mapping) -> None:
    """Refuse a mapping that does not fit its kind or the columns of this file."""
    kind = kind_named(mapping.kind)
    table = table_at(path, mapping)
    workflow = kind.workflow_version(version_in_force(kind))
    layout_of(kind, workflow, replace(mapping, shape=mapping.shape_of(table.columns)), table.columns)


def try_dry(path: Path, mapping: Mapping, *, by: Actor, progress: Progress | None = None) -> tuple[Tally, Table]:
    """Go through the whole file as an import would, and write nothing."""
    kind = kind_to_import(mapping, by)
    table = table_at(path, mapping)
    going = Pass(kind, mapping, table, by, Tally(), now=_now())
    with seldom_collected():
        for batch in going.batches():
            going.try_batch(batch)
            _tell(progress, going.tally, table)
    return going.tally, table


def begin(path: Path, mapping: Mapping, *, by: Actor, strict: bool = False) -> ImportRun:
    """A run for this file and mapping: the one that was interrupted, else a new one."""
    kind_to_import(mapping, by)
    run = received(path, mapping, by=by)
    for unfinished in ImportRun.objects.filter(
        sha256=run.sha256, kind=run.kind, source=run.source, state=ImportRun.State.RUNNING
    ):
        if unfinished.mapping == run.mapping:
            return unfinished
    run.strict, run.state = strict, ImportRun.State.WAITING
    run.save()
    return run


def received(path: Path, mapping: Mapping, *, by: Actor, name: str = "") -> ImportRun:
    """A run, not yet saved, for a file that lies at `path`."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = path.stat().st_size
    except OSError as fault:
        raise ImportRefused(
            _("%(file)s cannot be read: %(why)s.") % {"file": path.name, "why": fault.strerror or fault}
        ) from fault
    return ImportRun(
        kind=mapping.kind, source=mapping.source, file_name=(name or path.name)[-255:], path=str(path), sha256=sha256,
        size=size, mapping=table_of(mapping), actor=by.number, made_at=_now(),
    )  # fmt: skip


def try_out(run: ImportRun, path: Path, mapping: Mapping, *, by: Actor) -> ImportRun:
    """A dry run whose findings are kept with the run, for people to look at before they import."""
    run.state, run.started_at, run.rows_read, run.refusal = ImportRun.State.TRYING, _now(), 0, ""
    run.save()

    def seen(done: int, total: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(rows_read=done, rows_total=total)

    tally, _table = try_dry(path, mapping, by=by, progress=seen)
    run.state, run.counts = ImportRun.State.TRIED, tally.as_json()
    run.rows_read = run.rows_total = tally.rows
    with transaction.atomic():
        run.findings.all().delete()
        _store_findings(run, tally.findings.kept)
        run.save()
    return run


def carry_out(
    run: ImportRun, path: Path, mapping: Mapping, *, by: Actor, progress: Progress | None = None
) -> ImportRun:
    """Bring the file's records in, from where the run stands to the end; killed at any point, it goes on from there."""
    kind = kind_to_import(mapping, by)
    if run.state == ImportRun.State.FINISHED:
        return run
    table = table_at(path, mapping)
    if run.state != ImportRun.State.RUNNING:
        _start(run, path, mapping, table, by)
    findings = _findings_of(run)
    going = Pass(kind, mapping, table, by, Tally.of(run.counts, findings), now=_now())
    stored = len(findings.kept)
    with seldom_collected():
        for batch in going.batches(skip=run.cases_done):
            plan = going.plan(batch)
            try:
                # No savepoint around a batch: SQLite would walk all of it for each entry that its triggers look at.
                _write(run, going, batch, plan, going.write_batch, stored)
            except (IntegrityError, DataError, InvalidFacts):
                _write(run, going, batch, plan, going.write_one_by_one, stored)
            stored = len(findings.kept)
            _tell(progress, going.tally, table)
    run.state, run.finished_at = ImportRun.State.FINISHED, _now()
    run.rows_read = run.rows_total = max(going.tally.rows, 1)
    run.counts = going.tally.as_json()
    with transaction.atomic():
        _store_findings(run, findings.kept[stored:])
        run.save(update_fields=("state", "finished_at", "rows_read", "rows_total", "counts"))
    learn(inf)  # so that typing errors are forgiven in what came, without waiting for the worker's turn
    return run


def _write(run: ImportRun, going: Pass, batch: list[Case], plan: Plan, write: Write, stored: int) -> None:
    """A batch with all that follows from it and the run's progress, or nothing of it."""
    with transaction.atomic():
        write(batch, plan, _now())
        done = run.cases_done + len(batch)
        # Only where we left it: two processes with one file would write everything twice.
        moved = ImportRun.objects.filter(pk=run.pk, cases_done=run.cases_done).update(
            cases_done=done, rows_read=going.tally.rows, counts=going.tally.as_json()
        )
        if not moved:
            raise ImportUnderWay(
                _("%(file)s is being imported by another process. Wait for that run to end.") % {"file": run.file_name}
            )
        _store_findings(run, going.tally.findings.kept[stored:])
    run.cases_done = done


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for circular garbage seldom: a batch makes a million small values and no circles."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def refuse(run: ImportRun, says: str) -> ImportRun:
    """Close a run that cannot go on, with the sentence that says why."""
    run.state, run.refusal, run.finished_at = ImportRun.State.REFUSED, says, _now()
    run.save(update_fields=("state", "refusal", "finished_at"))
    return run


def _start(run: ImportRun, path: Path, mapping: Mapping, table: Table, by: Actor) -> None:
    """From a dry run, or from nothing, to the first row."""
    if run.strict:
        _refuse_any_error(run, path, mapping, by)
    run.findings.all().delete()
    run.state, run.started_at, run.refusal, run.counts = ImportRun.State.RUNNING, _now(), "", {}
    run.rows_read, run.rows_total = 0, max(table.text.lines - 1, 1)
    run.save()


def _refuse_any_error(run: ImportRun, path: Path, mapping: Mapping, by: Actor) -> None:
    try_out(run, path, mapping, by=by)
    errors = run.counts["findings"].get(Severity.ERROR, 0)
    if errors:
        raise ImportRefused(
            _("%(file)s was not imported: %(count)d rows have errors. Correct them, or import without “strict”.")
            % {"file": run.file_name, "count": errors}
        )


def _store_findings(run: ImportRun, fresh: list[Finding]) -> None:
    ImportFinding.objects.bulk_create(
        ImportFinding(
            run=run, severity=finding.severity, row=finding.row, column=finding.column[:200], text=finding.text,
            facts=dict(finding.facts), value=finding.value,
        )
        for finding in fresh
    )  # fmt: skip


def _findings_of(run: ImportRun) -> Findings:
    """What an interrupted run had noticed before, so that the limits on alike findings still hold."""
    findings = Findings()
    for kept in run.findings.all():
        findings.kept.append(Finding(Severity(kept.severity), kept.text, kept.row, kept.column, kept.value, kept.facts))
        findings.alike[kept.text, kept.column] += 1
    for severity, count in (run.counts.get("findings") or {}).items():
        findings.counts[Severity(severity)] = count
    return findings


def _tell(progress: Progress | None, tally: Tally, table: Table) -> None:
    if progress is not None:
        progress(tally.rows, max(tally.rows, table.text.lines - 1))


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
