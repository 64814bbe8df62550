"""Logs from elsewhere: receive a file, read it, choose what tells an event in it, forget it (9.1).

No record comes of a log, so none of this stands in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from gnomon.evaluation.models import ForeignLog
from gnomon.evaluation.queries.foreign_logs import events_file, may_look, uploads_folder
from gnomon.jobs.actions import enqueue
from gnomon.records.imports.opening import opened
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.imports.uploads import keep
from gnomon.records.refusals import NotAllowed
from gnomon.standard.plugs import Actor

State = ForeignLog.State
MOST_BYTES = 200 * 1024 * 1024
MOST_LOGS = 20
KEPT_FOR = timedelta(days=30)
# Of a look, what can be chosen from: it outlives a choice of which nothing came.
CHOICES = ("columns", "types")
# What is larger, unpacked, a worker reads.
AT_ONCE = 4 * 1024 * 1024


def receive_log(upload: Any, *, by: Actor, columns: Mapping[str, str] | None = None) -> ForeignLog:
    """Keep a file to look at and read it: at once when it is small, else by the worker."""
    require_looking(by)
    if ForeignLog.objects.filter(actor=by.number).count() >= MOST_LOGS:
        says = _("You keep %(most)d logs already. Forget one first.")
        raise UnreadableFile(says % {"most": MOST_LOGS})
    path, name = keep(upload, uploads_folder(), MOST_BYTES)
    now = datetime.now(UTC)
    log = ForeignLog(
        actor=by.number, name=name[:255], path=str(path), size=path.stat().st_size, columns=dict(columns or {}),
        made_at=now, expires_at=now + KEPT_FOR,
    )  # fmt: skip
    _ask(log)
    return log


def choose_columns(log: ForeignLog, columns: Mapping[str, str], *, by: Actor) -> ForeignLog:
    """Read a log anew, by other columns or about other objects."""
    require_looking(by)
    choices = {name: log.look[name] for name in CHOICES if log.look.get(name)}
    log.columns, log.state, log.says, log.look = dict(columns), State.WAITING, "", choices
    _ask(log)
    return log


def _ask(log: ForeignLog) -> None:
    from gnomon.evaluation.clockwork import READ_LOG

    small = _is_small(Path(log.path))
    with transaction.atomic():
        log.save()
        if not small:
            language = translation.get_language() or "en"
            enqueue(READ_LOG, key=f"{log.pk}:{language}", log=log.pk, language=language)
    if small:
        _read(log.pk)
        log.refresh_from_db()


def read_log(*, log: int, language: str) -> None:
    """Read a log that was received; read again it is read the same. What is wrong is said in the sender's language."""
    with translation.override(language):
        _read(log)


def _read(log: int) -> None:
    from gnomon.evaluation.mining.files import Columns, ColumnsUnknown, log_from_file
    from gnomon.evaluation.mining.looks import MOST_COLUMNS, keep_events, look_of

    found = ForeignLog.objects.filter(pk=log).first()
    if found is None:
        return  # forgotten before a worker came to it
    told, path, choices = found.columns, Path(found.path), found.look
    columns = Columns(told.get("case", ""), told.get("activity", ""), told.get("time", ""), told.get("about") or None)
    try:
        read = log_from_file(path, columns, name=found.name)
        if not len(read.log):
            choices = {"columns": list(read.columns[:MOST_COLUMNS]), "types": dict(read.types)}
            noticed = "; ".join(f"{one.says} {one.count}" for one in read.noticed[:3])
            raise UnreadableFile(_("%(file)s holds no event that can be used.") % {"file": found.name} + " " + noticed)
    except UnreadableFile as fault:
        _drop_events(log)
        if isinstance(fault, ColumnsUnknown):
            choices = {"columns": list(fault.columns[:MOST_COLUMNS])}
        kept = {"state": State.REFUSED, "says": fault.says.strip().replace(path.name, found.name), "look": choices}
    else:
        keep_events(found.pk, read.log)
        kept = {"state": State.READ, "says": "", "look": look_of(read), "columns": {**told, **asdict(read.used)}}
    # Forgotten meanwhile, it is not written again; of other columns chosen meanwhile, a job of their own tells.
    if not ForeignLog.objects.filter(pk=log, columns=told).update(read_at=datetime.now(UTC), **kept):
        _drop_events(log)


def forget_log(log: ForeignLog) -> None:
    """Destroy a log: the file that came, unless it came twice, and the events read from it."""
    path, key = log.path, log.pk
    log.delete()
    _drop_events(key)
    if not ForeignLog.objects.filter(path=path).exists():
        Path(path).unlink(missing_ok=True)


def forget_old_logs() -> None:
    """Destroy what has stood for its time; run twice it destroys nothing more."""
    for log in ForeignLog.objects.filter(expires_at__lte=datetime.now(UTC)):
        forget_log(log)


def _drop_events(key: int) -> None:
    events_file(key).unlink(missing_ok=True)


def require_looking(person: Actor) -> None:
    """Refuse with a sentence who may not look at processes at all."""
    if not may_look(person):
        raise NotAllowed(_("Your roles do not permit process mining. Ask an administrator for the role that you need."))


def _is_small(path: Path) -> bool:
    """Whether so little is in it, unpacked, that nobody waits long; a damaged file says so at once."""
    read = 0
    try:
        with opened(path) as file:
            while piece := file.read(1 << 20):
                read += len(piece)
                if read > AT_ONCE:
                    return False
    except UnreadableFile:
        return True
    return True
