"""Put what was worked out into the database: the record under its lock, its entry, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from gnomon.jobs.questions import Question
from gnomon.jobs.rows import insert, update, update_where
from gnomon.records import rules
from gnomon.records.actions.entries import append
from gnomon.records.actions.rules import blamed
from gnomon.records.facts import fact
from gnomon.records.kinds import Change, Kind
from gnomon.records.listeners import tell_listeners
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.queries.differences import changes_since, only_people_since
from gnomon.records.refusals import InvalidFacts, StaleRecord

CLOCK_SKEW = timedelta(minutes=5)


def lock(kind: Kind, record: Record, expect: int | None) -> None:
    """Make sure that nobody has written since `record` was read, and nobody will until we are done."""
    seen = record.version if expect is None else expect
    present = locked_version(kind, record)
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
                present,
            )
    if record.version != present:
        record.refresh_from_db()


def locked_version(kind: Kind, record: Record) -> int:
    """The version that the record has now, and keeps until the transaction ends."""
    present = _present_version(kind.model).first(pk=record.pk)
    if present is None:
        raise StaleRecord(_("%(record)s is gone.") % {"record": record.number}, {}, "")
    return present[0]


@cache
def _present_version(model: type[Record]) -> Question[tuple[int]]:
    return Question(
        lambda pk: model.objects.select_for_update().filter(pk=pk).order_by("pk").values_list("version")[:1]
    )


def save(record: Record, names: tuple[str, ...] | None) -> None:
    """Store these fields of a record, or a new one; a rule that the database keeps is told as a sentence."""
    with _rules_as_sentences(record):
        if names is None:
            insert(record)
        else:
            update(record, names)


def save_as_seen(record: Record, names: tuple[str, ...], version: int, known: rules.Known) -> bool:
    """Store these fields where the record is of this version still, and the rules as they are known; whether it was so.

    One statement that locks, looks and writes: whoever waits for the turn waits for no more.
    """
    with _rules_as_sentences(record):
        return update_where(record, names, f" AND version = %s AND {rules.MARK} = %s", (version, known.mark))


@contextmanager
def _rules_as_sentences(record: Record) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        field, rule = blamed(type(record), str(error))
        raise InvalidFacts(rule, {field: rule}) from error


def leave_entry(
    kind: Kind, record: Record, happening: Change, written: Mapping[str, list[Any]], now: datetime
) -> LedgerEntry:
    """The one entry of what happened, and what the kind and the apps do when it is left."""
    entry = append(
        kind=kind.name, number=record.number, version=record.version, verb=f"{kind.name}:{happening.verb}",
        actor=happening.by.number, recorded_at=now, happened_at=happening.at,
        facts={name: [fact(old), fact(new)] for name, (old, new) in written.items()}, because=happening.because,
    )  # fmt: skip
    if kind.rules:
        rules.distrust()
    for follow in kind.after:
        follow(record, entry)
    tell_listeners(record, entry)
    return entry


def now_written() -> datetime:
    """This moment, as it can be stored."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def happened(at: datetime | None, now: datetime) -> datetime:
    """When it happened in the world: now, unless an earlier moment was told."""
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
