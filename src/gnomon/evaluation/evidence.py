"""Whether the records prove what 9.1 asks of monitoring and measurement, and that services are measured (8.2.1).

Requirements are read from the ledger as they stood at the moment asked about; results, of which there
are many, from their columns. A result was recorded when its first entry happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gnomon.evaluation.models import MeasurementResult, MeasureSnapshot
from gnomon.jobs.moments import MomentField
from gnomon.portfolio.evidence import live_services
from gnomon.records.models import LedgerEntry
from gnomon.records.queries.known import Known, known_at
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Finding, Question, evidence

SUBJECTS = ("sms", "service", "process")
# The measure of how agreements with customers were kept.
SLA_ATTAINMENT = "sla_attainment"


@evidence("9.1-a", _("It is decided what is measured of the system, the services and the processes"))
def what_is_measured_is_decided(question: Question) -> Finding:
    """The title of a monitoring requirement says what is measured."""
    active = _active(question.as_of)
    nameless = [number for number, each in active.items() if not str(each.facts.get("title", "")).strip()]
    groups = {
        subject: sum(
            1 for number, each in active.items() if each.facts.get("subject") == subject and number not in nameless
        )
        for subject in SUBJECTS
    }
    return Finding(list(active), failed=nameless, groups=groups)


@evidence("9.1-b", _("It is decided how each thing is measured"))
def methods_are_decided(question: Question) -> Finding:
    active = _active(question.as_of)
    return Finding(
        list(active),
        failed=[number for number, each in active.items() if not str(each.facts.get("method", "")).strip()],
    )


@evidence("9.1-c", _("It is decided how often each thing is measured"))
def measuring_is_scheduled(question: Question) -> Finding:
    return _scheduled("measure_frequency_days", question)


@evidence("9.1-c", _("Each thing was measured as often as decided"), rule=2)
def measuring_keeps_its_schedule(question: Question) -> Finding:
    """The frequency is the organization's own decision, so what is older than it allows was not done in time.

    A requirement younger than its first interval, and not measured yet, does not count.
    """
    (slack,) = question.limits
    results = _results(Q(), question.as_of)
    population, failed = [], []
    for number, each in _active(question.as_of).items():
        allowed = _days(each, "measure_frequency_days") * (1 + slack.value / 100)
        newest = max((result.told_at for result in results.get(number, ())), default=None)
        if newest is None and each.told_at + allowed > question.as_of:
            continue
        population.append(number)
        if newest is None or newest + allowed < question.as_of:
            failed.append(number)
    return Finding(population, failed=failed)


@evidence("9.1-d", _("It is decided how often results are analysed"))
def analysing_is_scheduled(question: Question) -> Finding:
    return _scheduled("analysis_frequency_days", question)


@evidence("9.1-d", _("Results were analysed and evaluated as often as decided"), rule=2)
def results_are_analysed(question: Question) -> Finding:
    requirements = known_at("monitoring_requirement", question.as_of)
    population, failed = [], []
    for of, results in _results(Q(), question.as_of, question.period).items():
        requirement = requirements.get(of)
        if requirement is None:
            continue
        wait = _days(requirement, "analysis_frequency_days")
        for result in results:
            if result.told_at + wait > question.as_of:
                continue
            population.append(result.number)
            analysed = result.analysed_at is not None and result.analysed_at <= question.as_of
            if not (analysed and result.evaluation.strip()):
                failed.append(result.number)
    return Finding(population, failed=failed)


@evidence("9.1-e", _("Results are kept for each thing that is measured"))
def results_are_kept(question: Question) -> Finding:
    kept = _results(Q(value__isnull=False), question.as_of, question.period)
    active = _active(question.as_of)
    return Finding(list(active), failed=[number for number in active if number not in kept])


@evidence(
    "8.2.1-b",
    _("Every live service was measured against what was agreed for it"),
    lacks=_("services under an agreement of which no incident was resolved in the window"),
)
def live_services_are_measured(question: Question) -> Finding:
    """By the snapshots that were taken, day by day, of how each agreement was kept.

    A service whose agreement was in force while days were measured, and of which no incident was resolved, had
    nothing to be measured by: it has neither kept nor broken the rule.
    """
    live = live_services(question.as_of)
    taken = MeasureSnapshot.objects.filter(
        measure=SLA_ATTAINMENT, day__gte=timezone.localdate(question.period.start), taken_at__lte=question.as_of
    )
    agreements = known_at("service_level_agreement", question.as_of)
    own = {number: each for number, each in agreements.items() if not each.facts.get("is_default")}
    of_agreements = taken.filter(by="sla", key__in=list(own), value__isnull=False)
    measured = {own[key].facts.get("service") for key in of_agreements.values_list("key", flat=True).distinct()}
    quiet: set[Any] = set()
    if taken.filter(by="").exists():
        quiet = {each.facts.get("service") for each in own.values() if each.status == "agreed"} - measured
    unmeasured = [number for number in live if number not in measured]
    return Finding(
        list(live),
        failed=[number for number in unmeasured if number not in quiet],
        whole=quiet.isdisjoint(live),
    )


@dataclass(frozen=True, slots=True)
class _Result:
    number: str
    told_at: datetime
    analysed_at: datetime | None
    evaluation: str


def _active(as_of: datetime) -> Mapping[str, Known]:
    known = known_at("monitoring_requirement", as_of)
    return {number: each for number, each in known.items() if each.status == "active"}


def _scheduled(name: str, question: Question) -> Finding:
    active = _active(question.as_of)
    return Finding(list(active), failed=[number for number, each in active.items() if not each.facts.get(name)])


def _days(requirement: Known, name: str) -> timedelta:
    return timedelta(days=int(requirement.facts.get(name) or 0))


def _results(which: Q, as_of: datetime, period: Period | None = None) -> Mapping[str, Sequence[_Result]]:
    """Results recorded by a moment (and within a period), by the number of their requirement."""
    first = LedgerEntry.objects.filter(number=OuterRef("number"), version=1).values("happened_at")[:1]
    results: Any = MeasurementResult.objects.filter(which).annotate(
        told_at=Subquery(first, output_field=MomentField()), of=F("requirement__number")
    )
    results = results.filter(told_at__lte=as_of).order_by("pk")
    if period is not None:
        results = results.filter(told_at__gte=period.start)
    found: dict[str, list[_Result]] = defaultdict(list)
    for of, *facts in results.values_list("of", "number", "told_at", "analysed_at", "evaluation"):
        found[of].append(_Result(*facts))
    return found
