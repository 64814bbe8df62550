"""One move or one change for many records: tried out first when asked, each record with its own answer."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.records import permissions
from gnomon.records.actions.write import change, move
from gnomon.records.definitions import move_named
from gnomon.records.kinds import Kind
from gnomon.records.listing import Listing
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.queries.differences import changes_since
from gnomon.records.refusals import InvalidFacts, Refused, StaleRecord
from gnomon.records.texts import fault_of
from gnomon.standard.plugs import Actor

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished for many records: a move by its name, or a change of facts when it is empty."""

    kind: Kind
    move: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    because: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record, or would: the state it is in now, or why not; `fields` are those at fault."""

    record: Record
    done: bool
    says: str
    fields: tuple[str, ...] = ()


def chosen_records(kind: Kind, person: Actor, numbers: Sequence[str]) -> list[Any]:
    """The records of these numbers that the person may know of, the newest first; refuses more than 500."""
    known = list(dict.fromkeys(number for number in numbers if not fault_of(number)))
    _refuse_too_many(len(known))
    return list(permissions.visible(kind.model.objects.filter(number__in=known), person).order_by("-id"))


def records_where(kind: Kind, person: Actor, where: Mapping[str, Sequence[str]]) -> list[Any]:
    """All records of a list, whatever its page; refuses more than 500."""
    without = {name: values for name, values in where.items() if name not in {"cursor", "columns", "record", "live"}}
    found = list(Listing(kind, person, without).ordered()[: AT_ONCE + 1])
    _refuse_too_many(len(found))
    return found


def _refuse_too_many(count: int) -> None:
    if count > AT_ONCE:
        says = _(
            "These are more than %(most)d records, and %(most)d is the most at once. "
            "Filter the list further, do these, then go on with the rest."
        ) % {"most": AT_ONCE}
        raise InvalidFacts(says, {"number": says})


def require_wish(wish: Wish, person: Actor) -> None:
    """Refuse with a sentence what the person may do with no record of the kind."""
    if wish.move:
        permissions.require_move(person, wish.kind, move_named(wish.kind, wish.move))
    else:
        permissions.require(person, "change", wish.kind)


def carry_out(
    wish: Wish, records: Sequence[Record], *, by: Actor, seen: Mapping[str, int] | None = None
) -> list[Outcome]:
    """Do it to each record on its own, so that one refusal takes nothing from the others.

    `seen` are the versions that were looked at: who was changed since then is refused, and who
    already had this very wish from this person is left as it is, so that sending twice does it once.
    """
    return [_outcome(wish, record, by, (seen or {}).get(record.number), for_real=True) for record in records]


def try_out(wish: Wish, records: Sequence[Record], *, by: Actor) -> list[Outcome]:
    """What would become of each record, by doing it and taking it back."""
    return [_outcome(wish, record, by, None, for_real=False) for record in records]


def _outcome(wish: Wish, record: Record, by: Actor, seen: int | None, *, for_real: bool) -> Outcome:
    tried, before = record if for_real else _double(record), record.version
    try:
        with transaction.atomic():
            _write(wish, tried, by, _still(wish.kind, record, seen))
            if not for_real:
                transaction.set_rollback(True)
    except StaleRecord as stale:
        if seen is not None and _was_done(wish, record.number, seen, by):
            return Outcome(record, True, _("Done already."))
        return Outcome(record, False, stale.says)
    except InvalidFacts as refused:
        return Outcome(record, False, refused.says, tuple(refused.fields))
    except Refused as refused:
        return Outcome(record, False, refused.says)
    if tried.version == before:
        return Outcome(record, True, _("It is so already."))
    return Outcome(record, True, tried.status_title if wish.move else _("Changed."))


def _double(record: Record) -> Record:
    """The same record to try things on; what is shown stays as it is."""
    double = copy.copy(record)
    double._state = copy.copy(record._state)
    double._state.fields_cache = dict(record._state.fields_cache)
    return double


def _write(wish: Wish, record: Record, by: Actor, expect: int | None) -> None:
    if wish.move:
        move(record, wish.move, by=by, because=wish.because, expect=expect, **wish.facts)
    else:
        change(record, by=by, because=wish.because, expect=expect, **wish.facts)


def _still(kind: Kind, record: Record, seen: int | None) -> int | None:
    """The version to insist on: words and files that came meanwhile make nobody's view old."""
    if seen is None or seen >= record.version or changes_since(kind, record.number, seen)[0]:
        return seen
    return record.version


def _was_done(wish: Wish, number: str, seen: int, by: Actor) -> bool:
    verb = f"{wish.kind.name}:{wish.move or 'changed'}"
    return LedgerEntry.objects.filter(number=number, version=seen + 1, verb=verb, actor=by.number).exists()
