"""How values of records stand in the ledger, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models

from gnomon.records.kinds import Kind, kind_of
from gnomon.records.ledger.personal import BECAUSE
from gnomon.records.models.record import Record

NEVER = frozenset({"id", "number", "version", "recorded_at"})
if TYPE_CHECKING:
    # Django's fields cannot be subscripted while the program runs.
    FIELD = models.Field[Any, Any]


@cache
def ledgered(model: type[Record]) -> tuple[FIELD, ...]:
    """The fields whose every value is in the ledger: all but the bookkeeping and the projections."""
    projections = kind_of(model).projections
    return tuple(f for f in model._meta.concrete_fields if f.name not in NEVER and f.name not in projections)


def moment_text(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: `2026-01-05T01:00:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def fact(value: Any) -> Any:
    """A value as the ledger writes it: records by number, moments and dates as text."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Record):
        return value.number
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): fact(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [fact(v) for v in value]
    if isinstance(value, models.Model):
        return value.pk
    raise TypeError(f"A {type(value).__name__} cannot stand in the ledger.")


@cache
def blank(field: FIELD) -> Any:
    """What a field holds when the ledger has never spoken of it."""
    if field.null:
        return None
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.IntegerField):
        return 0
    if isinstance(field, models.JSONField):
        return [] if field.default is list else {}
    return ""


def row_fact(record: Record, field: FIELD) -> Any:
    """The present value of one field, as the ledger would write it."""
    if isinstance(field, models.ForeignKey):
        if getattr(record, field.attname) is None:
            return None
        return fact(getattr(record, field.name))
    return fact(getattr(record, field.name))


def facts_of(record: Record) -> dict[str, Any]:
    """The present value of every field that the ledger speaks of, as it would write them."""
    known, facts = record.__dict__, dict[str, Any]()
    for name, attribute, is_relation in _places(type(record)):
        value = known[attribute] if attribute in known else getattr(record, attribute)
        if value is None or (type(value) in AS_THEY_ARE and not is_relation):
            facts[name] = value
        else:
            facts[name] = fact(getattr(record, name))
    return facts


def is_blank(model: type[Record], name: str, value: Any) -> bool:
    """Whether a new record says no more of a field than that nobody filled it."""
    return bool(value == _blanks(model)[name])


AS_THEY_ARE = frozenset({str, bool, int, float})


@cache
def _places(model: type[Record]) -> tuple[tuple[str, str, bool], ...]:
    return tuple((f.name, f.attname, isinstance(f, models.ForeignKey)) for f in ledgered(model))


@cache
def _blanks(model: type[Record]) -> dict[str, Any]:
    return {field.name: blank(field) for field in ledgered(model)}


def lacks(record: Record, name: str) -> bool:
    """Whether a field of the record holds nothing; a text of nothing but space says nothing."""
    value = getattr(record, name)
    return value in (None, "", [], {}) or (isinstance(value, str) and not value.strip())


ERASED = "[erased · 已删除]"  # stands where a text was that somebody asked us to forget


@cache
def personal_names(kind: Kind) -> frozenset[str]:
    """Facts that may speak of people and can be erased: names, free texts, addresses, and what the kind adds."""
    free = {field.name for field in ledgered(kind.model) if isinstance(field, models.TextField | models.EmailField)}
    return frozenset({"title", "custom", *_OF_NOTES, *free, *kind.personal})


def read_facts(text: str, personal: str = "") -> dict[str, list[Any]]:
    """The facts of an entry as field → [old, new], with the personal ones among them."""
    facts: dict[str, list[Any]] = json.loads(text)
    if personal:
        for name, part in json.loads(personal).items():
            if name != BECAUSE:
                facts[name] = part[:2] if type(part) is list else [erased_value(name)] * 2
    return facts


def erased_value(name: str) -> Any:
    """What stands where a fact was erased."""
    return {} if name in _MAPPINGS else ERASED


_MAPPINGS = frozenset({"custom", "source"})
_OF_NOTES = frozenset({"text", "name", "sha256"})  # what a comment, a note on time or a file says


# What tells of other records, which this one leads, was taken from, or speaks through.
OF_OTHERS = frozenset({"merged_in", "taken_out", "split_off", "replied", "answered"})
HANGING = frozenset({"commented", "attached", "linked", "unlinked", "joined", "left"})
NOTES = HANGING | OF_OTHERS | {"escalation", "reminded", "spent", "examined", "blanked"}


def is_note(verb: str) -> bool:
    """Whether an entry tells of what hangs on a record; a field of the same name is another thing."""
    return verb.rpartition(":")[2] in NOTES


def fold(changes: Mapping[str, list[Any]], onto: dict[str, Any]) -> dict[str, Any]:
    """Apply one entry's facts to what was known before."""
    for name, (_old, new) in changes.items():
        onto[name] = new
    return onto
