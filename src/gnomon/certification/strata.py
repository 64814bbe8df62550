"""Parts of a population by something that its records hold: each record in exactly one (9.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from gnomon.certification.numbers import NONE, Numbers
from gnomon.evaluation.queries.counting import each_raw_row, in_milliseconds
from gnomon.jobs.moments import MomentField, moment
from gnomon.records.facts import is_note
from gnomon.records.kinds import Kind, kind_of_number, kinds
from gnomon.records.models import LedgerEntry
from gnomon.standard.plugs import Says

WITHOUT = "none"  # the stratum of records that hold nothing there, or that are no records here
AT_ONCE = 500
QUARTER = 900_000  # milliseconds
# From so many on it is quicker to read all records of a kind than to ask for them by their numbers.
MANY = 20_000


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a population can be divided by: a field of its records, or a word for what the run found."""

    name: str
    title: Says
    fields: tuple[str, ...] = ()
    word: Callable[[Any], str] = lambda value: WITHOUT if value in (None, "") else str(value)


def _month(moment: Any) -> str:
    return WITHOUT if moment is None else f"{moment.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m}"


OUTCOME = Dimension("outcome", _("What the check found"))
KIND = Dimension("kind", _("Kind of record"))
DIMENSIONS: Mapping[str, Dimension] = {
    each.name: each
    for each in (
        Dimension("priority", _("Priority"), ("priority",)),
        Dimension("service", _("Service"), ("service",)),
        Dimension("team", _("Team"), ("team",)),
        Dimension("category", _("Category"), ("category",)),
        # What was brought along from elsewhere was recorded on one day, whenever it happened.
        Dimension("month", _("Month"), ("opened_at", "recorded_at"), _month),
        OUTCOME,
        KIND,
    )
}


def dimensions_of(population: Numbers) -> list[Dimension]:
    """Those by which this population can be divided."""
    kinds = [kind for kind, _among in _by_kind(population) if kind is not None]
    return [
        each for each in DIMENSIONS.values() if not each.fields or any(_field(kind, each) is not None for kind in kinds)
    ]


def strata_of(
    population: Numbers, by: str, late: Numbers = NONE, failed: Numbers = NONE, *, position: int | None = None
) -> dict[str, Numbers]:
    """The population in parts, key → records, none of them empty.

    Records are read as they stand now, or as they stood at an entry of the ledger.
    """
    if by == OUTCOME.name:
        parts = {"failed": population & failed, "late": (population & late) - failed}
        parts["held"] = population - failed - late
        return {key: among for key, among in parts.items() if among}
    found: dict[str, Numbers] = defaultdict(lambda: NONE)
    for kind, among in _by_kind(population):
        for key, part in _parts(kind, among, by, position):
            found[key] |= part
    return dict(found)


def _parts(kind: Kind | None, among: Numbers, by: str, position: int | None) -> Iterator[tuple[str, Numbers]]:
    if by == KIND.name:
        yield kind.name if kind is not None else WITHOUT, among
        return
    dimension = DIMENSIONS[by]
    field = _field(kind, dimension) if kind is not None else None
    if kind is None or field is None:
        yield WITHOUT, among
        return
    rest = among
    for key, part in _by_word(kind, field, dimension, among, position):
        rest -= part
        yield key, part
    if rest:
        yield WITHOUT, rest


def _by_word(
    kind: Kind, field: models.Field[Any, Any], dimension: Dimension, among: Numbers, position: int | None
) -> Iterator[tuple[str, Numbers]]:
    """The records by what each holds; a number that names a part of a record goes by that record."""
    rows, parts = kind.model.objects.order_by().values_list("number", _held(field)), _parts_of(among)
    word = _word(field, dimension)
    everyone = _read(rows, list(among.each()) if len(among) <= MANY else None)
    # The changes of since are read after the records: what changes between the two is then among them.
    now = among.divided((number, word(held)) for number, held in everyone)
    then = {} if position is None else _words_then(kind, field, dimension, position)
    moved = Numbers.of(number for number in then if number in among)
    yield from ((key, part - moved) for key, part in now.items() if part - moved)
    yield from moved.divided(then.items()).items()
    others: dict[str, list[str]] = defaultdict(list)
    for number, held in _read(rows, list(parts)) if parts else ():
        others[then.get(number, word(held))] += parts[number]
    for key, numbers in others.items():
        yield key, Numbers.of(numbers)


def _words_then(kind: Kind, field: models.Field[Any, Any], dimension: Dimension, position: int) -> Mapping[str, str]:
    """Of each record whose field changed after an entry of the ledger, the stratum in which it stood then."""
    since = LedgerEntry.objects.filter(kind=kind.name, sequence__gt=position, version__gt=1)
    found: dict[str, str] = {}
    for entry in since.filter(facts__contains=f'"{field.name}":[').order_by("number", "version").iterator():
        if entry.number not in found and not is_note(entry.verb) and field.name in entry.changes:
            held = entry.changes[field.name][0]
            found[entry.number] = dimension.word(
                datetime.fromisoformat(held) if held and isinstance(field, MomentField) else held
            )
    return found


def _parts_of(among: Numbers) -> Mapping[str, list[str]]:
    """Numbers that do not end in a counter, by the record of which each is a part."""
    parts: dict[str, list[str]] = defaultdict(list)
    for number in among.others:
        parts[number.partition("/")[0]].append(number)
    return parts


def _held(field: models.Field[Any, Any]) -> Any:
    """What is read of a record: of moments the quarter of an hour, since no month of any place begins within one."""
    if isinstance(field, MomentField):
        return in_milliseconds(field.name) / models.Value(QUARTER, output_field=models.BigIntegerField())
    return field.attname


def _word(field: models.Field[Any, Any], dimension: Dimension) -> Callable[[Any], str]:
    """From what was read to the key of a stratum, worked out once for each that occurs."""
    if isinstance(field, MomentField):
        return cache(lambda raw: dimension.word(None if raw is None else moment(raw * QUARTER)))
    if isinstance(field, models.ForeignKey):
        related: Any = field.related_model
        known = dict(related.objects.values_list("pk", "number"))
        return cache(lambda raw: dimension.word(known.get(raw)))
    return cache(dimension.word)


def _read(rows: Any, numbers: Sequence[str] | None) -> Iterator[tuple[Any, ...]]:
    """The rows with these numbers, or all: then they are as the database holds them."""
    if numbers is None:
        yield from each_raw_row(rows)
        return
    for start in range(0, len(numbers), AT_ONCE):
        yield from each_raw_row(rows.filter(number__in=numbers[start : start + AT_ONCE]))


def _by_kind(population: Numbers) -> Iterator[tuple[Kind | None, Numbers]]:
    """The population by the kinds of its records; what is no record here under None."""
    for prefix, among in population.by_prefix().items():
        try:
            yield kind_of_number(f"{prefix}-1"), among
        except LookupError:
            yield None, among


def _field(kind: Kind, dimension: Dimension) -> models.Field[Any, Any] | None:
    """The first field of the dimension that records of this kind have."""
    known = {field.name: field for field in kind.model._meta.concrete_fields}
    return next((known[name] for name in dimension.fields if name in known), None)


def titles_of(keys: Iterable[str]) -> dict[str, str]:
    """What people call these strata: titles of services and teams, words for kinds and for what was found."""
    wanted = list(keys)
    words = {WITHOUT: _say("None"), "failed": _say("failed"), "late": _say("late"), "held": _say("held")}
    words |= {kind.name: str(kind.plural) for kind in kinds() if kind.name in wanted}
    records = _titles(key for key in wanted if "-" in key and not key[0].isdigit())
    return {key: records.get(key) or words.get(key, key) for key in wanted}


def _titles(numbers: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, among in _by_kind(Numbers.of(numbers)):
        if kind is not None:
            found |= dict(kind.model.objects.filter(number__in=list(among)).values_list("number", "title"))
    return found
