"""Logs from elsewhere: receive a file, read it, choose what tells an event in it, forget it (9.1).

No record comes of a log, so none of this stands in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
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
# So long after a small one came a worker looks whether whoever was reading it was ended on the way.
READ_BY_THEN = timedelta(minutes=2)


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

    small, language = _is_small(Path(log.path)), translation.get_language() or "en"
    with transaction.atomic():
        log.save()
        if small:
            by_then = datetime.now(UTC) + READ_BY_THEN
            enqueue(READ_LOG, run_after=by_then, log=log.pk, language=language, only_waiting=True)
        else:
            enqueue(READ_LOG, key=f"{log.pk}:{language}", log=log.pk, language=language)
    if small:
        from gnomon.evaluation.mining.files import Unforeseen

        with suppress(Unforeseen):  # the log says so to whoever sent it
            _read(log.pk)
        log.refresh_from_db()


def read_log(*, log: int, language: str, only_waiting: bool = False) -> None:
    """Read a log that was received; read again it is read the same. What is wrong is said in the sender's language.

    What nobody foresaw is raised once it is said, so that it is tried again and people hear of it. With `only_waiting`
    one that was read meanwhile, or refused, is left alone.
    """
    if only_waiting and not ForeignLog.objects.filter(pk=log, state=State.WAITING).exists():
        return
    with translation.override(language):
        _read(log)


def _read(log: int) -> None:
    from gnomon.evaluation.mining.files import Unforeseen, ending_in_a_sentence

    found = ForeignLog.objects.filter(pk=log).first()
    if found is None:
        return  # forgotten before a worker came to it
    try:
        with ending_in_a_sentence(found.name):
            _settle(found, _what_comes_of(found))
    except Unforeseen as fault:
        _settle(found, {"state": State.REFUSED, "says": fault.says})
        _drop_events(log)
        raise


def _what_comes_of(log: ForeignLog) -> dict[str, Any]:
    """What is to be kept of a log: what is in it, or why it cannot be read."""
    from gnomon.evaluation.mining.files import Columns, ColumnsUnknown, log_from_file
    from gnomon.evaluation.mining.looks import MOST_COLUMNS, keep_events, look_of

    told, path, choices = log.columns, Path(log.path), log.look
    columns = Columns(told.get("case", ""), told.get("activity", ""), told.get("time", ""), told.get("about") or None)
    try:
        read = log_from_file(path, columns, name=log.name)
        if not len(read.log):
            choices = {"columns": list(read.columns[:MOST_COLUMNS]), "types": dict(read.types)}
            noticed = "; ".join(f"{one.says} {one.count}" for one in read.noticed[:3])
            raise UnreadableFile(_("%(file)s holds no event that can be used.") % {"file": log.name} + " " + noticed)
    except UnreadableFile as fault:
        _drop_events(log.pk)
        if isinstance(fault, ColumnsUnknown):
            choices = {"columns": list(fault.columns[:MOST_COLUMNS])}
        return {"state": State.REFUSED, "says": fault.says.strip().replace(path.name, log.name), "look": choices}
    keep_events(log.pk, read.log)
    return {"state": State.READ, "says": "", "look": look_of(read), "columns": {**told, **asdict(read.used)}}


def _settle(log: ForeignLog, kept: dict[str, Any]) -> None:
    """Forgotten meanwhile, a log is not written again; of other columns chosen meanwhile, a job of their own tells."""
    with transaction.atomic():
        there = ForeignLog.objects.filter(pk=log.pk, columns=log.columns).update(read_at=datetime.now(UTC), **kept)
    if not there:
        _drop_events(log.pk)


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
