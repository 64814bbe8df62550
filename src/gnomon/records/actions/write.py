"""Record, change and move: all writing of any kind passes here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gnomon.jobs.questions import Question
from gnomon.jobs.rows import insert, update
from gnomon.records import permissions
from gnomon.records.actions.checking import apply, check_needs, check_start, checked_reason
from gnomon.records.actions.entries import append
from gnomon.records.actions.rules import blamed
from gnomon.records.facts import fact, facts_of, is_blank
from gnomon.records.kinds import Change, Kind, kind_of
from gnomon.records.listeners import tell_listeners
from gnomon.records.models import LedgerEntry, Numbering, Record
from gnomon.records.models.numbering import number_text
from gnomon.records.queries.differences import changes_since, only_people_since
from gnomon.records.refusals import InvalidFacts, MoveRefused, StaleRecord
from gnomon.records.search import index_record
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Move

CLOCK_SKEW = timedelta(minutes=5)


@transaction.atomic
def record(kind: Kind, *, by: Actor, at: datetime | None = None, because: str = "", **facts: Any) -> Record:
    """Bring a record of `kind` into being, in the first state of its workflow."""
    permissions.require(by, "create", kind)
    _check_asked(kind, by, facts)
    born: Record = kind.model()
    now = _now()
    born.recorded_at = now
    born.workflow_version = workflow_version_in_force(kind)
    facts = {**facts, "status": kind.workflow_version(born.workflow_version).initial.name}
    happening = Change(
        verb="recorded", by=by, at=_happened(at, now), facts=facts, old={}, because=checked_reason(because)
    )  # fmt: skip
    apply(kind, born, happening)
    born.number = number_text(kind.prefix, Numbering.take(kind.prefix))
    written = {name: [None, value] for name, value in facts_of(born).items() if not is_blank(kind.model, name, value)}
    born.version = 1
    _save(born, None)
    _leave_entry(kind, born, happening, written, now)
    index_record(kind, born)
    return born


def _check_asked(kind: Kind, by: Actor, facts: Mapping[str, Any]) -> None:
    """Refuse what only those may say of a new record who work on it, such as its priority or when it began."""
    if not kind.asks or permissions.may(by, "change", kind):
        return
    says = _("This is for those who work on it to say. Leave it out.")
    beyond = {name: says for name in facts if name not in {*kind.asks, "custom"}}
    if beyond:
        raise InvalidFacts(f"{', '.join(beyond)}: {says}", beyond)


@transaction.atomic
def change(
    record: Record, *, by: Actor, at: datetime | None = None, because: str = "", expect: int | None = None, **facts: Any
) -> Record:
    """Give a record new facts; nothing is written when none of them is new."""
    kind = kind_of(type(record))
    permissions.require(by, "change", kind)
    if "status" in facts:
        raise MoveRefused(
            _("A status changes only by a move. Choose one of the moves of %(record)s.") % {"record": record.number}
        )
    return _alter(kind, record, "changed", None, by=by, at=at, because=because, expect=expect, facts=facts)


@transaction.atomic
def move(
    record: Record,
    name: str,
    *,
    by: Actor,
    at: datetime | None = None,
    because: str = "",
    expect: int | None = None,
    **facts: Any,
) -> Record:
    """Take a record one step along its workflow, with the facts that the step needs."""
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
    return _alter(kind, record, step.name, step, by=by, at=at, because=because, expect=expect, facts=facts)


@transaction.atomic
def act(
    record: Record, verb: str, *, by: Actor, at: datetime | None = None, because: str = "", expect: int | None = None,
    **facts: Any,
) -> Record:  # fmt: skip
    """Give a record new facts under a verb of its kind (`Kind.verbs`): more than a change, and no move."""
    kind = kind_of(type(record))
    permissions.require(by, verb if verb in kind.may else "change", kind)
    return _alter(kind, record, verb, None, by=by, at=at, because=because, expect=expect, facts=facts)


@transaction.atomic
def note(
    record: Record, verb: str, *, by: Actor, at: datetime | None = None, because: str = "", **facts: list[Any]
) -> LedgerEntry:
    """Leave an entry on a record that changes none of its fields: a comment, a file, a threshold passed.

    Whatever happened meanwhile takes nothing from it, so nobody is refused for having read an older version.
    """
    kind = kind_of(type(record))
    now = _now()
    happening = Change(
        verb=verb, by=by, at=_happened(at, now), facts={}, old={}, because=checked_reason(because)
    )  # fmt: skip
    hold(record)
    with _unchanged_when_refused(record):
        record.version += 1
        _save(record, ("version",))
        return _leave_entry(kind, record, happening, facts, now)


def hold(record: Record) -> None:
    """Keep other writers off a record until the transaction ends, and bring it up to what they have written."""
    if record.version != _locked_version(kind_of(type(record)), record):
        record.refresh_from_db()


def workflow_version_in_force(kind: Kind) -> int:
    """The version of the workflow that new records of this kind get."""
    from gnomon.records.definitions import version_in_force

    return version_in_force(kind)


def _alter(
    kind: Kind, record: Record, verb: str, step: Move | None, *, by: Actor, at: datetime | None,
    because: str, expect: int | None, facts: dict[str, Any],
) -> Record:  # fmt: skip
    now = _now()
    because = checked_reason(because)
    _lock(kind, record, expect)
    old = facts_of(record)
    if step is not None:
        check_start(kind, record, step)
        facts = {**facts, "status": step.end}
    happening = Change(verb=verb, by=by, at=_happened(at, now), facts=facts, old=old, because=because, move=step)
    with _unchanged_when_refused(record):
        apply(kind, record, happening)
        if step is not None:
            assert record.status in step.ends, f"{step.name} cannot end in {record.status}"
            check_needs(kind, record, step, because)
        written = {name: [old[name], value] for name, value in facts_of(record).items() if value != old[name]}
        if not written and step is None:
            return record
        record.version += 1
        _save(record, ("version", *written))
        _leave_entry(kind, record, happening, written, now)
        if not {"title", *kind.searched}.isdisjoint(written):
            index_record(kind, record)
    return record


@contextmanager
def _unchanged_when_refused(record: Record) -> Iterator[None]:
    """Take back what was put on the record: a page shows it beside the refusal, as it still is."""
    known, related = dict(record.__dict__), dict(record._state.fields_cache)
    try:
        yield
    except BaseException:
        record.__dict__.clear()
        record.__dict__.update(known)
        record._state.fields_cache = related
        raise


def _lock(kind: Kind, record: Record, expect: int | None) -> None:
    """Make sure that nobody has written since `record` was read, and nobody will until we are done."""
    seen = record.version if expect is None else expect
    present = _locked_version(kind, record)
    if present != seen:
        changed, actor = changes_since(kind, record.number, seen)
        # Words and files that were added meanwhile contradict nobody who did not name a version, and people who
        # joined contradict nobody at all.
        named = expect is not None and not only_people_since(kind, record.number, seen)
        if changed or named or present < seen:
            raise StaleRecord(
                _("%(record)s was changed by somebody else meanwhile. Look at what is new, then decide again.")
                % {"record": record.number},
                changed,
                actor,
            )
    if record.version != present:
        record.refresh_from_db()


def _locked_version(kind: Kind, record: Record) -> int:
    present = _present_version(kind.model).first(pk=record.pk)
    if present is None:
        raise StaleRecord(_("%(record)s is gone.") % {"record": record.number}, {}, "")
    return present[0]


@cache
def _present_version(model: type[Record]) -> Question[tuple[int]]:
    return Question(
        lambda pk: model.objects.select_for_update().filter(pk=pk).order_by("pk").values_list("version")[:1]
    )


def _save(record: Record, names: tuple[str, ...] | None) -> None:
    try:
        if names is None:
            insert(record)
        else:
            update(record, names)
    except IntegrityError as error:
        field, rule = blamed(type(record), str(error))
        raise InvalidFacts(rule, {field: rule}) from error


def _leave_entry(
    kind: Kind, record: Record, happening: Change, written: Mapping[str, list[Any]], now: datetime
) -> LedgerEntry:
    entry = append(
        kind=kind.name, number=record.number, version=record.version, verb=f"{kind.name}:{happening.verb}",
        actor=happening.by.number, recorded_at=now, happened_at=happening.at,
        facts={name: [fact(old), fact(new)] for name, (old, new) in written.items()}, because=happening.because,
    )  # fmt: skip
    for follow in kind.after:
        follow(record, entry)
    tell_listeners(record, entry)
    return entry


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _happened(at: datetime | None, now: datetime) -> datetime:
    if at is None:
        return now
    if at.tzinfo is None:
        raise InvalidFacts(
            _("A time needs its time zone, for example 2026-01-05T09:00+08:00."), {"at": _("Add the time zone.")}
        )
    if at > now + CLOCK_SKEW:
        raise InvalidFacts(
            _("This has not happened yet: %(at)s is in the future.") % {"at": at.isoformat()},
            {"at": _("Give a time that has passed.")},
        )
    return at
