"""Record, change and move: all writing of any kind passes here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.records import permissions
from gnomon.records.actions.checking import checked_reason
from gnomon.records.actions.storing import happened, leave_entry, locked_version, now_written, save
from gnomon.records.actions.thinking import Alteration, NewRecord, unchanged_when_refused
from gnomon.records.kinds import Change, Kind, kind_of
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.refusals import InvalidFacts, MoveRefused
from gnomon.standard.plugs import Actor


def record(kind: Kind, *, by: Actor, at: datetime | None = None, because: str = "", **facts: Any) -> Record:
    """Bring a record of `kind` into being, in the first state of its workflow."""
    return record_thought(kind, by=by, at=at, because=because, **facts).write()


def record_thought(
    kind: Kind, *, by: Actor, at: datetime | None = None, because: str = "", **facts: Any
) -> NewRecord:  # fmt: skip
    """The same, yet to be written: for those who write more in the same transaction, and begin it only then."""
    permissions.require(by, "create", kind)
    _check_asked(kind, by, facts)
    return NewRecord(kind, by, at, checked_reason(because), facts)


def _check_asked(kind: Kind, by: Actor, facts: Mapping[str, Any]) -> None:
    """Refuse what only those may say of a new record who work on it, such as its priority or when it began."""
    if not kind.asks or permissions.may(by, "change", kind):
        return
    says = _("This is for those who work on it to say. Leave it out.")
    beyond = {name: says for name in facts if name not in {*kind.asks, "custom"}}
    if beyond:
        raise InvalidFacts(f"{', '.join(beyond)}: {says}", beyond)


def change(
    record: Record, *, by: Actor, at: datetime | None = None, because: str = "", expect: int | None = None, **facts: Any
) -> Record:
    """Give a record new facts; nothing is written when none of them is new."""
    return change_thought(record, by=by, at=at, because=because, expect=expect, **facts).write()


def change_thought(
    record: Record, *, by: Actor, at: datetime | None = None, because: str = "", expect: int | None = None, **facts: Any
) -> Alteration:
    """The same, yet to be written: for those who write more in the same transaction, and begin it only then."""
    kind = kind_of(type(record))
    permissions.require(by, "change", kind)
    if "status" in facts:
        raise MoveRefused(
            _("A status changes only by a move. Choose one of the moves of %(record)s.") % {"record": record.number}
        )
    return Alteration(kind, record, "changed", None, by, at, checked_reason(because), expect, facts)


def move(
    record: Record, name: str, *, by: Actor, at: datetime | None = None, because: str = "", expect: int | None = None,
    **facts: Any,
) -> Record:  # fmt: skip
    """Take a record one step along its workflow, with the facts that the step needs."""
    return move_thought(record, name, by=by, at=at, because=because, expect=expect, **facts).write()


def move_thought(
    record: Record, name: str, *, by: Actor, at: datetime | None = None, because: str = "", expect: int | None = None,
    **facts: Any,
) -> Alteration:  # fmt: skip
    """The same, yet to be written: for those who write more in the same transaction, and begin it only then."""
    kind = kind_of(type(record))
    try:
        step = kind.move_of(record, name)
    except LookupError:
        raise MoveRefused(
            _("%(record)s has no move called “%(move)s”.") % {"record": record.number, "move": name}
        ) from None
    permissions.require_move(by, kind, step)
    if not permissions.may(by, "change", kind) and facts.keys() - set(permissions.fillable(by, kind, step, record)):
        permissions.require(by, "change", kind)
    if step not in kind.workflow_of(record).moves:
        facts["workflow_version"] = kind.workflow.version
    return Alteration(kind, record, step.name, step, by, at, checked_reason(because), expect, facts)


def act(
    record: Record, verb: str, *, by: Actor, at: datetime | None = None, because: str = "", expect: int | None = None,
    **facts: Any,
) -> Record:  # fmt: skip
    """Give a record new facts under a verb of its kind (`Kind.verbs`): more than a change, and no move."""
    kind = kind_of(type(record))
    permissions.require(by, verb if verb in kind.may else "change", kind)
    return Alteration(kind, record, verb, None, by, at, checked_reason(because), expect, facts).write()


@transaction.atomic
def note(
    record: Record, verb: str, *, by: Actor, at: datetime | None = None, because: str = "", **facts: list[Any]
) -> LedgerEntry:
    """Leave an entry on a record that changes none of its fields: a comment, a file, a threshold passed.

    Whatever happened meanwhile takes nothing from it, so nobody is refused for having read an older version.
    """
    hold(record)
    return note_held(record, verb, by=by, at=at, because=because, **facts)


def note_held(
    record: Record, verb: str, *, by: Actor, at: datetime | None = None, because: str = "", **facts: list[Any]
) -> LedgerEntry:
    """The same on a record that the caller's transaction holds already."""
    kind, now = kind_of(type(record)), now_written()
    happening = Change(
        verb=verb, by=by, at=happened(at, now), facts={}, old={}, because=checked_reason(because)
    )  # fmt: skip
    with unchanged_when_refused(record):
        record.version += 1
        save(record, ("version",))
        return leave_entry(kind, record, happening, facts, now)


def hold(record: Record) -> None:
    """Keep other writers off a record until the transaction ends, and bring it up to what they have written."""
    if record.version != locked_version(kind_of(type(record)), record):
        record.refresh_from_db()
