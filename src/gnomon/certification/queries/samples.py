"""What samples show: whether they can be drawn again, and what was found of each record."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gnomon.certification.models import Sample, SampleStratum
from gnomon.certification.queries.behind import Behind, records_behind
from gnomon.certification.sampling import EXAMINED, OUTCOMES, drawn_from, population_of
from gnomon.certification.strata import titles_of
from gnomon.records.kinds import kind_of_number
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.plugs import Actor

WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Examined:
    """What a person found of a record, and when."""

    outcome: str
    because: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What comes of drawing again; without faults it is the very same sample. `at` is when, if not just now."""

    numbers: Sequence[str]
    population: int
    digest: str
    faults: Sequence[str]
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A record of a sample: what it is, why it was chosen by judgement, and what was found."""

    behind: Behind
    named: str
    found: Examined | None

    @property
    def outcome(self) -> str:
        return self.found.outcome if self.found else WAITING


def redraw(sample: Sample) -> Redrawn:
    """Draw again from the population that the run froze, and say where the result is another."""
    faults: list[str] = []
    try:
        population = population_of(sample)
    except (InvalidFacts, ValueError, LookupError, zlib.error):
        return Redrawn([], 0, "", [_("The population cannot be read any more. Run “gnomon ledger verify”.")])
    if (population.digest, len(population)) != (sample.population_digest, sample.population_count):
        faults.append(_("The population is another than the one that it was drawn from."))
    strata = {each.key: each.numbers for each in SampleStratum.objects.filter(sample=sample)}
    if {key: (len(among), among.digest) for key, among in strata.items()} != {
        key: (count, digest) for key, count, _places, digest in sample.strata
    }:
        faults.append(_("The strata are others than those that it was drawn from."))
    try:
        again = drawn_from(sample, population, strata)
    except InvalidFacts as refused:
        return Redrawn([], len(population), population.digest, [*faults, refused.says])
    if list(again.numbers) != sample.drawn or not _spread(sample, again.places):
        faults.append(_("The seed draws other records than these."))
    return Redrawn(again.numbers, len(population), population.digest, faults)


def altered_samples() -> list[str]:
    """Numbers of the samples whose strata are no longer those that the ledger sealed."""
    kept: dict[int, list[SampleStratum]] = defaultdict(list)
    for stratum in SampleStratum.objects.order_by("id").iterator():
        kept[stratum.sample_id].append(stratum)
    return [each.number for each in Sample.objects.order_by("id").iterator() if not _holds(each, kept[each.pk])]


def _holds(sample: Sample, strata: Sequence[SampleStratum]) -> bool:
    try:
        found = sorted([each.key, len(each.numbers), each.numbers.digest] for each in strata)
        return found == sorted([key, count, digest] for key, count, _taken, digest in sample.strata)
    except (zlib.error, ValueError, TypeError, LookupError):
        return False  # what was packed, or what the record says of it, cannot be read any more


def _spread(sample: Sample, places: Mapping[str, int]) -> bool:
    return {key: taken for key, _count, taken, _digest in sample.strata} == dict(places)


def examined(number: str) -> dict[str, Examined]:
    """Record → what was found of it last."""
    entries = LedgerEntry.objects.filter(number=number, verb=f"sample:{EXAMINED}").order_by("version")
    return {
        entry.changes["about"][1]: Examined(
            entry.changes["outcome"][1], entry.because, entry.actor, entry.happened_at
        )
        for entry in entries
    }  # fmt: skip


def lines_of(sample: Sample, person: Actor, outcome: str = "", *, among: slice = slice(None)) -> list[Line]:
    """The records of a sample in order, those of one outcome (`waiting`: of none yet) when it is given."""
    found = examined(sample.number)
    numbers = [number for number in sample.drawn if outcome in ("", _outcome(found, number))][among]
    return [Line(each, str(sample.named.get(each.number, "")), found.get(each.number))
            for each in records_behind(numbers, person)]  # fmt: skip


def tally(sample: Sample) -> dict[str, int]:
    """How many records were found how; `waiting` those that nobody judged yet."""
    found = examined(sample.number)
    counted = Counter(_outcome(found, number) for number in sample.drawn)
    return {outcome: counted[outcome] for outcome in (*OUTCOMES, WAITING)}


def _outcome(found: Mapping[str, Examined], number: str) -> str:
    return found[number].outcome if number in found else WAITING


def record_of(number: str, person: Actor) -> Record | None:
    """The record that a number of a population speaks of, where this person may know of it."""
    own = number.partition("/")[0]
    try:
        model: Any = kind_of_number(own).model
    except LookupError:
        return None
    found: Record | None = model.objects.filter(number=own).visible_to(person).first()
    return found


def siblings(sample: Sample) -> list[Sample]:
    """All that were drawn from the same population, the first first: whoever draws until it fits is seen."""
    same = Sample.objects.filter(population_digest=sample.population_digest, requirement=sample.requirement)
    return list(same.order_by("id"))


def strata_shown(sample: Sample) -> list[tuple[str, int, int]]:
    """The strata in words: what people call each, how many records it had, how many were drawn."""
    names = titles_of(key for key, *_rest in sample.strata)
    return [(names[key], count, taken) for key, count, taken, _digest in sample.strata]


def as_object(sample: Sample) -> dict[str, Any]:
    """A sample as plain data, for programs and the command line."""
    return {
        "number": sample.number,
        "status": sample.status,
        "run": sample.run.number,
        "requirement": sample.requirement,
        "rule": sample.rule,
        "part": sample.part,
        "method": sample.method,
        "procedure": sample.procedure,
        "stratified_by": sample.stratified_by,
        "seed": sample.seed,
        "size": sample.size,
        "suggested": sample.suggested,
        "population": {"count": sample.population_count, "digest": sample.population_digest},
        "strata": [{"key": key, "count": count, "drawn": taken, "digest": digest}
                   for key, count, taken, digest in sample.strata],
        "named": sample.named,
        "drawn": sample.drawn,
        "found": tally(sample),
    }  # fmt: skip


def records_told(sample: Sample, person: Actor, outcome: str = "") -> list[dict[str, Any]]:
    """The records of a sample as plain data."""
    return [
        {
            "record": line.behind.number,
            "title": line.behind.title,
            "named": line.named,
            "outcome": line.found.outcome if line.found else None,
            "because": line.found.because if line.found else "",
            "by": line.found.by if line.found else None,
            "at": line.found.at.isoformat() if line.found else None,
        }
        for line in lines_of(sample, person, outcome)
    ]
