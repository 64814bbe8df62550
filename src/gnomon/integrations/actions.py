"""Bring files in and keep mappings: what the command line, the pages and the worker call alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.integrations import uploads
from gnomon.integrations.presets import preset, preset_names
from gnomon.integrations.reports import report_of_run, report_of_try
from gnomon.jobs.actions import enqueue
from gnomon.records.actors import SYSTEM
from gnomon.records.imports import runs
from gnomon.records.imports.guessing import guess
from gnomon.records.imports.mappings import Mapping, mapping_from_text, mapping_of, table_of
from gnomon.records.imports.refusals import ImportRefused, ImportUnderWay, MappingFault
from gnomon.records.imports.tables import csv_table
from gnomon.records.models import ImportMapping, ImportRun
from gnomon.records.refusals import Refused
from gnomon.standard.plugs import Actor

Progress = Callable[[int, int], None]
AT_ONCE = 1024 * 1024


def import_file(
    path: Path, *, preset: str = "csv", mapping: str | None = None, kind: str = "incident",
    time_zone: str | None = None, by: Actor, dry_run: bool = False, strict: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Import a file, or try it; the answer tells what was made and what was noticed.

    Called again after an interruption it goes on where it stopped, and after its end it adds only what is new.
    """
    began = time.monotonic()
    chosen = mapping_for(path, preset, mapping, kind, time_zone)
    if dry_run:
        tally, table = runs.try_dry(path, chosen, by=by, progress=progress)
        report = report_of_try(path.name, chosen, tally, table)
    else:
        run = runs.begin(path, chosen, by=by, strict=strict)
        try:
            run = runs.carry_out(run, path, chosen, by=by, progress=progress)
        except ImportRefused as refused:
            if run.cases_done == 0:
                runs.refuse(run, refused.says)
            raise
        report = report_of_run(run)
    return {**report, "seconds": round(time.monotonic() - began, 1)}


def mapping_for(path: Path, source: str, name: str | None, kind: str, time_zone: str | None = None) -> Mapping:
    """The mapping for a file: one that is named, one that comes with Gnomon, or a guess from the columns."""
    if name:
        chosen = _named_mapping(name)
    elif source == "csv":
        chosen = guess(kind, csv_table(path).columns)
    elif source in preset_names():
        chosen = preset(source)
    else:
        raise ImportRefused(
            _("There is no mapping called “%(name)s”. There are: %(known)s, csv.")
            % {"name": source, "known": ", ".join(preset_names())}
        )
    if time_zone:
        if time_zone not in available_timezones():
            raise MappingFault(
                _("“%(zone)s” is no time zone. Give an IANA name, as Asia/Shanghai.") % {"zone": time_zone}
            )
        chosen = replace(chosen, time_zone=time_zone)
    return chosen


def save_mapping(name: str, mapping: Mapping, *, by: Actor) -> ImportMapping:
    """Keep a mapping under a name, in place of the one that had it."""
    runs.kind_to_import(mapping, by)
    name = name.strip()
    if not name or name in preset_names():
        raise MappingFault(_("Give the mapping a name of its own; “%(name)s” is taken.") % {"name": name})
    known = ImportMapping.objects.filter(name=name).first()
    if known is not None and known.actor != by.number and known.kind != mapping.kind:
        raise MappingFault(_("Another mapping is called “%(name)s” already. Choose another name.") % {"name": name})
    saved, _made = ImportMapping.objects.update_or_create(
        name=name[:80],
        defaults={
            "kind": mapping.kind, "table": table_of(mapping), "actor": by.number, "recorded_at": datetime.now(UTC),
        },
    )  # fmt: skip
    return saved


def _named_mapping(name: str) -> Mapping:
    path = Path(name)
    if path.suffix in {".yaml", ".yml", ".json"}:
        try:
            return mapping_from_text(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as fault:
            raise MappingFault(
                _("The mapping %(file)s cannot be read: %(why)s.") % {"file": path.name, "why": fault}
            ) from fault
    saved = ImportMapping.objects.filter(name=name).first()
    if saved is not None:
        return mapping_of(saved.table)
    if name in preset_names():
        return preset(name)
    known = [*ImportMapping.objects.values_list("name", flat=True), *preset_names()]
    raise MappingFault(
        _("There is no mapping called “%(name)s”. There are: %(known)s.") % {"name": name, "known": ", ".join(known)}
    )


def mapping_of_run(run: ImportRun) -> Mapping:
    """The mapping that a run was received with, or was given since."""
    return mapping_of(run.mapping)


def receive_upload(upload: Any, *, kind: str, mapping: str, time_zone: str, by: Actor) -> ImportRun:
    """Keep a file that was sent, with the mapping to begin with; nothing is read into records yet."""
    path, name = uploads.keep(upload)
    chosen = mapping_for(path, "csv", mapping or None, kind, time_zone or None)
    runs.kind_to_import(chosen, by)
    runs.table_at(path, chosen)  # a file that cannot be read is refused here, not on a page that leads nowhere
    run = runs.received(path, chosen, by=by, name=name)
    run.save()
    return run


def change_mapping(run: ImportRun, mapping: Mapping, *, by: Actor) -> None:
    """Give a run that has not begun another mapping."""
    runs.kind_to_import(mapping, by)
    if run.state in (ImportRun.State.RUNNING, ImportRun.State.FINISHED):
        raise ImportRefused(_("This import has begun; its mapping cannot be changed any more."))
    runs.check_mapping(Path(run.path), mapping)
    run.mapping, run.source, run.state = table_of(mapping), mapping.source, ImportRun.State.RECEIVED
    run.save(update_fields=("mapping", "source", "state"))


def request_try(run: ImportRun, *, by: Actor) -> None:
    """Try a run: at once when the file is small, else by the worker."""
    if run.size <= AT_ONCE:
        try_run(run=run.pk, by=by.number)
        return
    run.state, run.rows_read, run.rows_total = ImportRun.State.TRYING, 0, 0
    with transaction.atomic():
        run.save(update_fields=("state", "rows_read", "rows_total"))
        enqueue("integrations:try_import", key=f"{run.pk}", run=run.pk, by=by.number)


def request_import(run: ImportRun, *, by: Actor, strict: bool = False) -> None:
    """Let the worker carry out a run that was tried."""
    runs.kind_to_import(mapping_of_run(run), by)
    if run.state in (ImportRun.State.FINISHED, ImportRun.State.WAITING, ImportRun.State.RUNNING):
        return
    run.state, run.strict, run.actor, run.rows_read = ImportRun.State.WAITING, strict, by.number, 0
    with transaction.atomic():
        run.save(update_fields=("state", "strict", "actor", "rows_read"))
        enqueue("integrations:import", key=f"{run.pk}", run=run.pk, by=by.number)


def try_run(*, run: int, by: str) -> None:
    """The worker's part of a dry run."""
    found = ImportRun.objects.get(pk=run)
    with _refused_runs_say_so(found):
        runs.try_out(found, Path(found.path), mapping_of_run(found), by=actor_numbered(by))


def carry_out_run(*, run: int, by: str) -> None:
    """The worker's part of an import; after a kill it is called again and goes on."""
    found = ImportRun.objects.get(pk=run)
    with _refused_runs_say_so(found):
        runs.carry_out(found, Path(found.path), mapping_of_run(found), by=actor_numbered(by))


def actor_numbered(number: str) -> Actor:
    """The person with this number, or the system."""
    if number == SYSTEM.number:
        return SYSTEM
    person: Actor = get_user_model().objects.get(number=number)
    return person


@contextmanager
def _refused_runs_say_so(run: ImportRun) -> Iterator[None]:
    try:
        yield
    except ImportUnderWay:
        return
    except Refused as refused:
        runs.refuse(run, refused.says)
