"""Logs from elsewhere by REST: send one, look at it, forget it (8.1, 9.1)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from pydantic import Field

from gnomon.evaluation.actions.foreign_logs import choose_columns, forget_log, receive_log, require_looking
from gnomon.evaluation.mining.columns import ColumnsMissing, require_columns
from gnomon.evaluation.models import ForeignLog
from gnomon.evaluation.queries.foreign_logs import logs_of
from gnomon.organization.scopes import require_scope
from gnomon.records.endpoints import Call, Endpoint, Given
from gnomon.records.facts import moment_text
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.refusals import InvalidFacts

READ, WRITE = "foreign_log:read", "foreign_log:write"
COLUMNS = ("case", "activity", "time", "about")
MOST_CASES = 1000


class ColumnsGiven(Given):
    """What tells an event in the file; what is left out is found out by the usual names."""

    case: str = Field(default="", max_length=300, description="the column that names the case")
    activity: str = Field(default="", max_length=300, description="the column that says what happened")
    time: str = Field(default="", max_length=300, description="the column that says when")
    about: str = Field(default="", max_length=300, description="with OCEL 2.0: the type of object whose course is told")


def list_logs(call: Call) -> dict[str, Any]:
    """The logs of whoever asks, the newest first."""
    _permitted(call, READ)
    return {"logs": [_told(log) for log in logs_of(call.person)]}


def send_log(call: Call) -> dict[str, Any]:
    """Keep a file and read it; `state` is waiting while a worker does so."""
    _permitted(call, WRITE)
    if len(call.files) != 1:
        says = _("Send one file as “file”.")
        raise InvalidFacts(says, {"file": says})
    columns = {name: call.query[name] for name in COLUMNS if call.query.get(name)}
    try:
        return _told(receive_log(call.files[0], by=call.person, columns=columns))
    except UnreadableFile as fault:
        raise InvalidFacts(fault.says, {"file": fault.says}) from None


def show_log(call: Call) -> dict[str, Any]:
    """What is in a log."""
    return _told(_log(call, READ))


def read_otherwise(call: Call) -> dict[str, Any]:
    """Read a log anew, by other columns or about other objects."""
    return _told(choose_columns(_log(call, WRITE), dict(call.given), by=call.person))


def drop_log(call: Call) -> None:
    """Forget a log."""
    forget_log(_log(call, WRITE))


def ask_log(call: Call) -> dict[str, Any]:
    """One question about a log."""
    from gnomon.evaluation.mining.looks import question_about, told_cases
    from gnomon.evaluation.mining.plain import OF_LOGS

    log, asked = _log(call, READ), call.place["question"]
    if asked not in OF_LOGS and asked != "cases":
        raise Http404
    if log.state != ForeignLog.State.READ:
        says = log.says or _("This log is not read yet. Ask again in a moment.")
        raise InvalidFacts(says, {"state": says})
    try:
        question = question_about(log)
        if asked == "cases":
            return told_cases(question, call.query.get("which", ""), call.number("limit", 50, MOST_CASES))
        return OF_LOGS[asked](question)
    except LookupError:
        raise Http404 from None


def _log(call: Call, scope: str) -> ForeignLog:
    _permitted(call, scope)
    log = logs_of(call.person).filter(pk=call.key()).first()
    if log is None:
        raise Http404
    return log


def _permitted(call: Call, scope: str) -> None:
    require_looking(call.person)
    require_scope(call.scopes, scope)
    try:
        require_columns()
    except ColumnsMissing as missing:
        raise InvalidFacts(str(missing), {"mining": str(missing)}) from None


def _told(log: ForeignLog) -> dict[str, Any]:
    from gnomon.evaluation.mining.looks import told_look

    return {
        "id": log.pk, "name": log.name, "size": log.size, "state": log.state, "says": log.says,
        "made_at": moment_text(log.made_at), "expires_at": moment_text(log.expires_at), "look": told_look(log.look),
    }  # fmt: skip


LIST_LOGS = Endpoint("list_foreign_logs", "get", "mining-logs", list_logs, "Your logs from elsewhere")
SEND_LOG = Endpoint(
    "send_foreign_log", "post", "mining-logs", send_log, "Send a log from elsewhere to look at", status=201, files=True,
    description="XES, OCEL 2.0 (JSON, XML, SQLite) or CSV, plain or packed. Only you see it; it is forgotten after "
    "thirty days, and nothing of it becomes a record. Large files are read by a worker: look at `state`.",
    parameters={
        "case": "column of the case", "activity": "column of the activity", "time": "column of the time",
        "about": "with OCEL 2.0: the type of object whose course is told",
    },
)  # fmt: skip
SHOW_LOG = Endpoint("read_foreign_log", "get", "mining-logs/{key}", show_log, "What is in a log from elsewhere")
READ_OTHERWISE = Endpoint(
    "change_foreign_log", "patch", "mining-logs/{key}", read_otherwise, "Read a log by other columns or objects",
    takes=ColumnsGiven,
)  # fmt: skip
DROP_LOG = Endpoint(
    "forget_foreign_log", "delete", "mining-logs/{key}", drop_log, "Forget a log from elsewhere", status=204
)
ASK_LOG = Endpoint(
    "mine_foreign_log", "get", "mining-logs/{key}/{question}", ask_log, "How the cases of a log really went",
    description="`question` is map, variants, bottlenecks or cases. Times are in seconds.",
    parameters={
        "which": "with cases: those behind a number, as step.New~Assigned, activity.New, first.New, last.Done, variant.KEY",
        "limit": "with cases: how many",
    },
)  # fmt: skip
