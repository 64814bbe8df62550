"""What must hold of a sample, what follows from its order, and what is kept with it (9.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gnomon.certification import samples
from gnomon.certification.catalogue import catalogue
from gnomon.certification.models import ConformityRun, NumberChunk, Sample, SampleStratum
from gnomon.certification.numbers import Numbers
from gnomon.certification.queries.behind import numbers_behind
from gnomon.certification.queries.stored import newest_run
from gnomon.certification.strata import strata_of
from gnomon.jobs.actions import enqueue
from gnomon.records.actions import move
from gnomon.records.actions.projections import KEPT, Into, put_projections
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import Change
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.plugs import Says

EXAMINED = "examined"
DEVIATES = "nonconforming"
LONGEST_REASON = 1000
DRAW = "certification:draw_sample"
# So many are ranked, and read for strata, while somebody waits; measured in docs/decisions/samples-are-drawn-by-rank.md.
AT_ONCE = 20_000
Method = Sample.Method
OUTCOMES: Mapping[str, Says] = {
    "conforming": gettext_lazy("conforms"),
    DEVIATES: gettext_lazy("does not conform"),
    "not_applicable": gettext_lazy("not applicable"),
}


def takes_long(count: int) -> bool:
    """Whether nobody should wait while so many records are ranked."""
    return count > AT_ONCE


def outcome_words(outcome: str) -> str:
    """What was found, for people; what nobody judged yet waits."""
    return str(OUTCOMES.get(outcome, _("not looked at yet")))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a draw gave: the numbers, and the strata that they were drawn from."""

    numbers: Sequence[str]
    strata: Mapping[str, Numbers]
    places: Mapping[str, int]


def population_of(sample: Sample) -> Numbers:
    """What the run counted, as it froze it; InvalidFacts when it made no such count."""
    try:
        return Numbers.of(numbers_behind(sample.run, sample.requirement, sample.rule, sample.part))
    except LookupError as none:
        says = str(none.args[0])
        raise InvalidFacts(says, {"requirement": says}) from None


def drawn_from(sample: Sample, population: Numbers, strata: Mapping[str, Numbers]) -> Drawn:
    """The numbers that the order gives; the same each time."""
    if sample.method == Method.ALL:
        return Drawn(list(population), {}, {})
    if sample.method == Method.JUDGEMENT:
        return Drawn(sorted(sample.named), {}, {})
    size = sample.size or 0
    if sample.method == Method.RANDOM:
        return Drawn(samples.draw(population, sample.seed, size), {}, {})
    try:
        taken = samples.places({key: len(among) for key, among in strata.items()}, size)
    except samples.TooManyStrata as many:
        says = _("There are %(count)s strata, and each gets a record at least. Draw %(count)s or more.")
        raise InvalidFacts(says % {"count": many}, {"size": says % {"count": many}}) from None
    return Drawn(samples.draw_from_strata(strata, sample.seed, size), strata, taken)


def prepare_sample(record: Record, change: Change) -> dict[str, Any]:
    """Everything but the order follows from the population that the run froze; what is drawn follows from both."""
    assert isinstance(record, Sample)
    if not change.creates:
        return {}
    run = _run_of(record)
    record.run = run
    _refuse(_order_faults(record))
    population = population_of(record)
    _refuse(_size_faults(record, population))
    record.size = _size_of(record, population)
    record.seed = _seed_of(record)
    record.__dict__["_population"] = population
    last = LedgerEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return {
        "run": run,
        "size": record.size,
        "seed": record.seed,
        "procedure": _procedure(record),
        "population_count": len(population),
        "population_digest": population.digest,
        "suggested": samples.suggested_size(len(population)),
        "position": last if record.method == Method.STRATIFIED else None,
        "title": f"{_place(record)} · {record.size}/{len(population)}",
    }


def have_it_drawn(record: Record, entry: LedgerEntry) -> None:
    """An order is carried out at once, and by the worker when ranking so many would keep whoever ordered waiting."""
    assert isinstance(record, Sample)
    if entry.version != 1:
        return
    population = record.__dict__.pop("_population")
    if takes_long(len(population)):
        enqueue(DRAW, key=record.number, cause=record.number, number=record.number)
    else:
        draw_now(record, population)


def draw_now(sample: Sample, population: Numbers | None = None) -> None:
    """Draw what was ordered; InvalidFacts when its strata are more than its places.

    What is drawn follows from the order alone: whoever died over it, or changed records meanwhile, changes nothing.
    """
    population = population_of(sample) if population is None else population
    found = drawn_from(sample, population, _strata_of(sample, population))
    # Kept once the move is written: it names these by their digests.
    sample.__dict__["_found"] = found
    strata = [[key, len(found.strata[key]), count, found.strata[key].digest] for key, count in found.places.items()]
    move(sample, "draw", by=SYSTEM, drawn=list(found.numbers), strata=strata)


def check_sample(record: Record, change: Change) -> Mapping[str, str]:
    """What was drawn stays as it was drawn, and nothing is concluded before each record was looked at."""
    assert isinstance(record, Sample)
    if change.creates:
        return {}
    drawing = {"drawn", "strata"} if change.verb == "draw" else set()
    if fixed := change.facts.keys() - {"status", "conclusion", "workflow_version", "custom", "owner"} - drawing:
        says = _("A sample is drawn once. Draw another, and withdraw this one with the reason.")
        return dict.fromkeys(sorted(fixed), says)
    waiting = len(record.drawn) - record.examined_count
    if change.verb == "conclude" and waiting:
        says = ngettext(
            "%(count)d record was not looked at yet. Judge it first.",
            "%(count)d records were not looked at yet. Judge them first.",
            waiting,
        )
        return {"conclusion": says % {"count": waiting}}
    return {}


def keep_strata(record: Record, entry: LedgerEntry) -> None:
    """The parts of the population, each chunk once, so that the draw can be repeated for ever."""
    assert isinstance(record, Sample)
    found = record.__dict__.pop("_found", None)
    if not entry.verb.endswith(":draw") or found is None or not found.strata:
        return
    chunks: dict[str, bytes] = {}
    rows = [SampleStratum(sample=record, key=key, packed=among.pack(chunks)) for key, among in found.strata.items()]
    NumberChunk.keep(chunks)
    SampleStratum.objects.bulk_create(rows)


def count_examined(record: Record, entry: LedgerEntry) -> None:
    """Add what the newest entry tells of; judged again, a record counts once."""
    assert isinstance(record, Sample)
    if not entry.verb.endswith(f":{EXAMINED}"):
        return
    before, now = entry.changes["outcome"]
    record.examined_count += before is None
    record.deviating_count += (now == DEVIATES) - (before == DEVIATES)
    put_projections(("examined_count", "deviating_count"), [record])


def recount(records: Sequence[Record], into: Into = KEPT) -> None:
    """Count anew from the ledger what was found."""
    for record in records:
        assert isinstance(record, Sample)
        last = outcomes_of(record.number)
        record.examined_count = len(last)
        record.deviating_count = sum(outcome == DEVIATES for outcome in last.values())
    into.columns(("examined_count", "deviating_count"), records, records)


def outcomes_of(number: str) -> dict[str, str]:
    """Record → what was found of it last, by the ledger."""
    entries = LedgerEntry.objects.filter(number=number, verb=f"sample:{EXAMINED}").order_by("version")
    return {entry.changes["about"][1]: entry.changes["outcome"][1] for entry in entries}


def _run_of(sample: Sample) -> ConformityRun:
    if sample.run_id is not None:
        return sample.run
    run = newest_run(None, sample.requirement)
    if run is None:
        says = _("No run has looked at this requirement yet. Run the checks first.")
        raise InvalidFacts(says, {"run": says})
    return run


def _order_faults(sample: Sample) -> dict[str, str]:
    """What cannot be asked together, before anything is read."""
    try:
        asked = catalogue(sample.run.edition).requirement(sample.requirement)
    except LookupError:
        return {"requirement": _("There is no requirement %(id)s; write it as 8.6.1-b.") % {"id": sample.requirement}}
    if sample.rule > len(asked.rules):
        says = _("There is no rule %(rule)s of %(id)s.")
        return {"rule": says % {"rule": sample.rule, "id": asked.id}}
    if (sample.method == Method.STRATIFIED) != bool(sample.stratified_by):
        return {"stratified_by": _("Say by what to stratify, and only when drawing in strata.")}
    if (sample.method == Method.JUDGEMENT) != bool(sample.named):
        return {"named": _("Name records, each with its reason, and only when choosing by judgement.")}
    return _named_faults(sample.named)


def _named_faults(named: Any) -> dict[str, str]:
    says = _("Give for each record its reason in words, for example INC-000042: reopened twice.")
    if not isinstance(named, dict) or len(named) > samples.LARGEST:
        return {"named": says}
    sound = all(isinstance(why, str) and 0 < len(why.strip()) <= LONGEST_REASON for why in named.values())
    return {} if sound else {"named": says}


def _size_faults(sample: Sample, population: Numbers) -> dict[str, str]:
    """What the population does not give."""
    if not population:
        return {"requirement": _("There is nothing to draw from: the run counted no record here.")}
    if sample.method == Method.ALL and len(population) > samples.LARGEST:
        says = _("The population has %(count)d records, more than a person can look at. Draw at random or in strata.")
        return {"method": says % {"count": len(population)}}
    beyond = [number for number in sample.named if number not in population]
    if beyond:
        says = _("%(numbers)s: not among the records that the run counted here.")
        return {"named": says % {"numbers": ", ".join(sorted(beyond)[:5])}}
    if sample.size is not None and not 1 <= sample.size <= samples.LARGEST:
        return {"size": _("A sample has from 1 to %(most)d records.") % {"most": samples.LARGEST}}
    return {}


def _size_of(sample: Sample, population: Numbers) -> int:
    if sample.method == Method.JUDGEMENT:
        return len(sample.named)
    if sample.method == Method.ALL:
        return len(population)
    wanted = samples.suggested_size(len(population)) if sample.size is None else sample.size
    return min(wanted, len(population))


def _strata_of(sample: Sample, population: Numbers) -> dict[str, Numbers]:
    if sample.method != Method.STRATIFIED:
        return {}
    late, failed = (
        Numbers.of(numbers_behind(sample.run, sample.requirement, sample.rule, part)) for part in ("late", "failed")
    )
    return strata_of(population, sample.stratified_by, late, failed, position=sample.position)


def _seed_of(sample: Sample) -> str:
    if sample.method in (Method.ALL, Method.JUDGEMENT):
        return ""
    return sample.seed.strip() or samples.by_lot()


def _procedure(sample: Sample) -> str:
    return {Method.RANDOM: samples.METHOD, Method.STRATIFIED: samples.STRATIFIED}.get(Method(sample.method), "")


def _place(sample: Sample) -> str:
    return f"{sample.requirement}/{sample.rule}" if sample.rule else sample.requirement


def _refuse(faults: Mapping[str, str]) -> None:
    for says in faults.values():
        raise InvalidFacts(says, dict(faults))
