"""From the text in a cell to the value of a field, as the ledger writes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_noop, override

from gnomon.jobs.moments import MomentField
from gnomon.records.definitions import reading
from gnomon.records.facts import blank, fact
from gnomon.records.imports.dates import day_reader, milliseconds_reader, written
from gnomon.records.imports.mappings import Mapping as FileMapping
from gnomon.records.imports.mappings import Origin
from gnomon.records.kinds import kind_of
from gnomon.records.levels import words_for
from gnomon.records.texts import fault_of_json

if TYPE_CHECKING:
    from gnomon.records.facts import FIELD

Read = Callable[[str], Any]

NO_DATE = gettext_noop("“%(value)s” is no date of the form %(forms)s.")
NOT_BOOLEAN = gettext_noop("“%(value)s” is neither yes nor no.")
NOT_NUMBER = gettext_noop("“%(value)s” is no number.")
NOT_CHOICE = gettext_noop("“%(value)s” is none of: %(known)s.")
NOT_IN_TABLE = gettext_noop("“%(value)s” is not in the table of values.")
TOO_LONG = gettext_noop(
    "The text has %(length)d characters, and %(most)d fit. Shorten it, or let the mapping cut it (cut: true)."
)
NOT_JSON = gettext_noop("“%(value)s” is no JSON.")
UNFIT = gettext_noop("“%(value)s” does not fit: %(why)s")

YES = frozenset({"true", "yes", "y", "t", "1", "on", "是", "对", "有"})
NO = frozenset({"false", "no", "n", "f", "0", "off", "否", "错", "无"})
_LEADING = re.compile(r"([+-]?\d+)(?:\.0+)?(?:\s*-\s.*)?", re.ASCII | re.DOTALL)


class ValueFault(Exception):
    """A value that the field cannot hold: an English sentence with places, and what stands in them."""

    def __init__(self, text: str, **facts: Any) -> None:
        super().__init__(text)
        self.text, self.facts = text, facts


@dataclass(frozen=True, slots=True)
class Named:
    """A record of another kind, as the file calls it; it gets its number when it is found or recorded."""

    kind: str
    text: str
    field: str


class Before:
    """Stands for “as it was before”."""


BEFORE = Before()


def reader(field: FIELD, origin: Origin, mapping: FileMapping, statuses: tuple[str, ...]) -> Read:
    """A function from a filled cell to the fact; it raises ValueFault. What it once answered it remembers."""
    convert = _by_type(field, origin, mapping, statuses)
    table = {str(key).strip().lower(): value for key, value in (origin.values or {}).items()}
    if table or origin.unknown in {"before", "empty"}:
        convert = _by_table(field, table, origin, convert)
    remembered: dict[str, Any] = {}

    def read(text: str) -> Any:
        found = remembered.get(text)
        if found is None:
            try:
                found = convert(text)
            except ValueFault as fault:
                found = fault
            if len(remembered) >= 50_000:  # a column of texts that never repeat must not fill the memory
                remembered.clear()
            remembered[text] = found
        if isinstance(found, ValueFault):
            raise found
        return found

    return read


def constant(field: FIELD, origin: Origin, mapping: FileMapping, statuses: tuple[str, ...], value: Any) -> Any:
    """The fact that a constant of the mapping stands for."""
    if isinstance(value, str):
        return _by_type(field, origin, mapping, statuses)(value)
    return _cleaned(field, value)


def _by_table(field: FIELD, table: Mapping[str, Any], origin: Origin, convert: Read) -> Read:
    nothing = blank(field)

    def read(text: str) -> Any:
        key = text.strip().lower()
        if key in table:
            meant = table[key]
            return nothing if meant is None else convert(str(meant)) if isinstance(meant, str | int) else meant
        if origin.unknown == "as_is":
            return convert(text)
        if origin.unknown == "empty":
            return nothing
        if origin.unknown == "before":
            return BEFORE
        raise ValueFault(NOT_IN_TABLE, value=text)

    return read


def _by_type(field: FIELD, origin: Origin, mapping: FileMapping, statuses: tuple[str, ...]) -> Read:
    if field.name == "status":
        return lambda text: _status(text, statuses)
    if isinstance(field, models.ForeignKey):
        target = kind_of(field.related_model).name
        return lambda text: _named(field, target, text)
    if isinstance(field, MomentField):
        read = moments(origin, mapping)
        return lambda text: written(read(text))
    if isinstance(field, models.DateField):
        return _days(origin, mapping)
    if isinstance(field, models.BooleanField):
        return _boolean
    if isinstance(field, models.IntegerField):
        return lambda text: _integer(field, text)
    if isinstance(field, models.JSONField):
        return lambda text: _json(field, text)
    if isinstance(field, models.CharField | models.TextField):
        return lambda text: _text(field, origin, text)
    return lambda text: _cleaned(field, text.strip())


def _status(text: str, statuses: tuple[str, ...]) -> str:
    if text in statuses:
        return text
    lower = text.strip().lower().replace(" ", "_")
    if lower in statuses:
        return lower
    raise ValueFault(NOT_CHOICE, value=text, known=", ".join(statuses))


def _named(field: FIELD, kind: str, text: str) -> Named:
    name = " ".join(text.split())
    if len(name) > 300:
        raise ValueFault(TOO_LONG, length=len(name), most=300)
    return Named(kind, name, field.name)


def moments(origin: Origin, mapping: FileMapping) -> Callable[[str], int]:
    """A function from a filled cell to milliseconds since 1970."""
    patterns = origin.dates or mapping.dates
    read = milliseconds_reader(patterns, ZoneInfo(origin.time_zone) if origin.time_zone else mapping.zone)

    def moment(text: str) -> int:
        found = read(text.strip())
        if found is None:
            raise ValueFault(NO_DATE, value=text, forms=", ".join(patterns))
        return found

    return moment


def _days(origin: Origin, mapping: FileMapping) -> Read:
    patterns = origin.dates or mapping.dates
    read = day_reader(patterns, mapping.zone)

    def day(text: str) -> str:
        found = read(text.strip())
        if found is None:
            raise ValueFault(NO_DATE, value=text, forms=", ".join(patterns))
        return found.isoformat()

    return day


def _boolean(text: str) -> bool:
    word = text.strip().lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueFault(NOT_BOOLEAN, value=text)


def _integer(field: FIELD, text: str) -> int:
    """A whole number, also where a word explains it: `2 - Medium`."""
    match = _LEADING.fullmatch(text.strip())
    chosen = _choice(field, text) if match is None else int(match[1])
    if chosen is None:
        raise ValueFault(NOT_NUMBER, value=text)
    number: int = _cleaned(field, chosen)
    return number


def _text(field: FIELD, origin: Origin, text: str) -> str:
    if field.choices:
        chosen = _choice(field, text)
        if chosen is None:
            raise ValueFault(NOT_CHOICE, value=text, known=", ".join(str(value) for value, _says in field.flatchoices))
        return str(chosen)
    if field.max_length is not None and len(text) > field.max_length:
        if not origin.cut:
            raise ValueFault(TOO_LONG, length=len(text), most=field.max_length)
        text = text[: field.max_length - 1] + "…"
    return str(_cleaned(field, text))


def _choice(field: FIELD, text: str) -> Any:
    """The choice that a text means, by its value or by its title in English or Chinese; None when there is none."""
    return _choices(field, reading()).get(text.strip().lower())


@lru_cache(maxsize=64)
def _choices(field: FIELD, _reading: tuple[int, int]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for language in ("en", "zh-hans"):
        with override(language):
            known |= {str(title).lower(): value for value, title in words_for(field)}
    return known | {str(value).lower(): value for value, _title in field.flatchoices}


def _json(field: FIELD, text: str) -> Any:
    if field.default is list and not text.lstrip().startswith("["):
        return _cleaned(field, [part.strip() for part in re.split(r"[,;、，；]", text) if part.strip()])
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueFault(NOT_JSON, value=text) from None
    fault = fault_of_json(value)
    if fault:
        raise ValueFault(UNFIT, value=text, why=fault)
    return _cleaned(field, value)


def _cleaned(field: FIELD, value: Any) -> Any:
    """The value as the field takes it, checked as a form would."""
    if value in (None, "", [], {}):
        return blank(field) if value is None else value
    try:
        return fact(field.clean(value, None))
    except ValidationError as refusal:
        raise ValueFault(UNFIT, value=str(value), why=" ".join(refusal.messages)) from refusal
