"""Samples that auditors drew: their order, the population and strata as frozen, and what was found of each record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from gnomon.certification.catalogue import catalogue
from gnomon.certification.models import ConformityRun, Sample, SampleStratum
from gnomon.certification.pack.order import Order
from gnomon.certification.pack.parts import Lists
from gnomon.certification.pack.taking import folded
from gnomon.certification.queries.stored import outcomes_of
from gnomon.certification.sampling import EXAMINED, population_of
from gnomon.jobs.moments import written
from gnomon.records.ledger.export import Sealed
from gnomon.records.models import LedgerEntry

PARTS = ("seen", "late", "failed")
# The run of a period is often made in the days after it.
SPEAKS_FOR = timedelta(hours=36)


class DrawnSamples:
    """The samples that a pack tells: drawn in its period, or from a run that speaks for a moment of it.

    Withdrawn ones are told too: whoever drew until it fitted is seen.
    """

    def __init__(self, order: Order, sealed: Sealed, lists: Lists) -> None:
        self.order, self.sealed, self.lists = order, sealed, lists
        self._runs: dict[str, ConformityRun] = {}
        found = Sample.objects.select_related("run").order_by("id")
        self.samples = [each for each in found if order.covers(each.requirement) and self._concerns(each)]

    @property
    def runs(self) -> list[ConformityRun]:
        """The runs that their populations come from, each once, as soon as they were told."""
        return [self._runs[number] for number in sorted(self._runs)]

    def told(self) -> Iterator[dict[str, Any]]:
        """Each sample as the index tells it; its own entries prove it."""
        for sample in self.samples:
            entries = self.sealed.within(LedgerEntry.objects.filter(number=sample.number))
            # What was ordered and not drawn by the checkpoint has shown nothing to anybody.
            if entries and folded(entries).get("drawn"):
                self._runs[sample.run.number] = sample.run
                yield self._one(sample, entries)

    def _concerns(self, sample: Sample) -> bool:
        period = self.order.period
        drawn_in = period.start <= sample.recorded_at < period.end
        return drawn_in or period.start < sample.run.as_of < period.end + SPEAKS_FOR

    def _one(self, sample: Sample, entries: Sequence[LedgerEntry]) -> dict[str, Any]:
        facts = folded(entries)
        strata = {each.key: each.numbers for each in SampleStratum.objects.filter(sample=sample)}
        return {
            "number": sample.number,
            "status": facts["status"],
            "requirement": facts["requirement"],
            "run": facts["run"],
            "rule": facts.get("rule") or 0,
            "part": facts["part"],
            "method": facts["method"],
            "stratified_by": facts.get("stratified_by", ""),
            "procedure": facts.get("procedure", ""),
            "size": facts["size"],
            "seed": facts.get("seed", ""),
            "named": facts.get("named", {}),
            "conclusion": facts.get("conclusion", ""),
            "population": self.lists.keep(population_of(sample)),
            "from": self._counts(sample),
            "strata": [
                {"key": key, "taken": taken, **self.lists.keep(strata[key])}
                for key, _count, taken, _digest in facts.get("strata", [])
            ],
            "drawn": facts.get("drawn", []),
            "drawn_by": entries[0].actor,
            "drawn_at": written(entries[0].happened_at),
            "found": [_found(entry) for entry in entries if entry.verb.endswith(f":{EXAMINED}")],
        }

    def _counts(self, sample: Sample) -> list[dict[str, Any]]:
        """The lists of the run that the population is made of: of the rule, or of those that decide together."""
        asked = catalogue(sample.run.edition).requirement(sample.requirement)
        deciding = [rule.position for rule in asked.rules if rule.decides] or [rule.position for rule in asked.rules]
        rules = [sample.rule] if sample.rule else deciding
        (outcome,) = outcomes_of(sample.run, sample.requirement)
        found = {each.rule.position: each.finding for each in outcome.rules if each.version}
        return [
            {"rule": rule, "seen": self.lists.keep(found[rule].population), "late": self.lists.keep(found[rule].late),
             "failed": self.lists.keep(found[rule].failed)}
            for rule in rules if rule in found
        ]  # fmt: skip


def _found(entry: LedgerEntry) -> Mapping[str, Any]:
    """What a person found of one record, by the entry that says so."""
    changes = entry.changes
    return {
        "version": entry.version,
        "record": changes["about"][1],
        "outcome": changes["outcome"][1],
        "because": entry.because,
        "by": entry.actor,
        "at": written(entry.happened_at),
    }
