"""The records behind a count: exactly those that a run counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gnomon.certification.models import CheckResult, ConformityRun
from gnomon.certification.queries.stored import outcomes_of
from gnomon.records.kinds import Kind, kind_of_number
from gnomon.standard.plugs import Actor
from gnomon.ui.values import Status

PARTS = ("seen", "late", "failed")


@dataclass(frozen=True, slots=True)
class Behind:
    """A record that a check looked at; without `url` it is unknown here or hidden from this person."""

    number: str
    title: str = ""
    url: str = ""
    kind: str = ""
    status: Status | None = None


def numbers_behind(run: ConformityRun, requirement: str, rule: int, part: str) -> Sequence[str]:
    """The numbers that a run counted for a rule (for the whole requirement when `rule` is 0).

    LookupError when the run made no such count.
    """
    if part not in PARTS:
        raise LookupError(f"A count is one of {', '.join(PARTS)}, not {part}.")
    if rule == 0:
        for outcome in outcomes_of(run, requirement):
            return {"seen": outcome.population, "late": outcome.late, "failed": outcome.failed}[part]
        raise LookupError(f"{run.number} did not judge {requirement}.")
    check: CheckResult | None = run.checks.filter(requirement=requirement, rule=rule).first()
    if check is None:
        raise LookupError(f"{run.number} did not check {requirement}/{rule}.")
    return {"seen": check.population, "late": check.late, "failed": check.failed}[part]


def records_behind(numbers: Sequence[str], person: Actor) -> list[Behind]:
    """The records of these numbers in the same order, with titles where the person may know of them."""
    known: dict[str, Behind] = {}
    for kind, of_kind in _by_kind(numbers).items():
        for record in kind.model.objects.filter(number__in=of_kind).visible_to(person):
            phase = record.phase
            known[record.number] = Behind(
                record.number,
                record.title,
                record.get_absolute_url(),
                str(kind.title),
                Status(record.status_title, phase.value),
            )
    return [_named(number, known) for number in numbers]


def _named(number: str, known: dict[str, Behind]) -> Behind:
    record = known.get(_record_number(number))
    if record is None:
        return Behind(number)
    return record if record.number == number else Behind(number, record.title, record.url, record.kind, record.status)


def _by_kind(numbers: Iterable[str]) -> dict[Kind, list[str]]:
    found: dict[Kind, list[str]] = defaultdict(list)
    for number in numbers:
        try:
            found[kind_of_number(number)].append(_record_number(number))
        except LookupError:
            continue
    return found


def _record_number(number: str) -> str:
    """The record in a number that names a part of it: SLA-000001/respond is in SLA-000001."""
    return number.partition("/")[0]
