"""What the conformity board shows of a run: lines, tallies, readiness, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gnomon.certification.catalogue import Requirement, catalogue
from gnomon.certification.models import ConformityRun
from gnomon.certification.queries.stored import results_of
from gnomon.certification.sentences import next_step, requirement_sentence
from gnomon.certification.verdicts import Reason, Status, Verdict
from gnomon.standard.plugs import Says

# From what hinders most to what hinders least; the order of bars and of what to do next.
WORST_FIRST = (
    Status.NONCONFORMING, Status.ERROR, Status.UNDETERMINED, Status.NOT_CHECKED,
    Status.OBSERVATION, Status.NOT_APPLICABLE, Status.CONFORMING,
)  # fmt: skip
BEST_FIRST = tuple(reversed(WORST_FIRST))


@dataclass(frozen=True, slots=True)
class Line:
    """A requirement with its verdict in a run, and how many records stand behind it."""

    requirement: Requirement
    verdict: Verdict
    seen: int
    late: int
    failed: int

    @property
    def status(self) -> Status:
        return self.verdict.status

    @property
    def because(self) -> str:
        return requirement_sentence(self.requirement, self.verdict, seen=self.seen, late=self.late, failed=self.failed)

    @property
    def next_step(self) -> str:
        return next_step(self.requirement, self.verdict, failed=self.failed, late=self.late)

    @property
    def windows(self) -> list[str]:
        return list(dict.fromkeys(rule.window for rule in self.requirement.rules if rule.decides))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a tally's bar: where it begins and how long it is, in percent."""

    status: Status
    count: int
    start: float
    share: float


@dataclass(frozen=True, slots=True)
class Tally:
    """A clause with the verdicts below it."""

    number: str
    title: Says
    lines: Sequence[Line]

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def counts(self) -> dict[Status, int]:
        counted = Counter(line.status for line in self.lines)
        return {status: counted[status] for status in BEST_FIRST if counted[status]}

    @property
    def settled(self) -> int:
        return sum(line.status.settled for line in self.lines)

    @property
    def stretches(self) -> list[Stretch]:
        """The counts as a bar from 0 to 100."""
        return stretched(self.counts)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Ready for the certification audit or not, and because of what; never more than the records prove."""

    ready: bool
    reasons: Sequence[tuple[Status, str]]


def stretched(counts: Mapping[Status, int]) -> list[Stretch]:
    """Counts as parts of a bar from 0 to 100, in the order given."""
    total, found = sum(counts.values()), list[Stretch]()
    for status, count in counts.items():
        start = found[-1].start + found[-1].share if found else 0.0
        found.append(Stretch(status, count, start, 100 * count / total))
    return found


def run_columns(clause: str = "", most: int = 60) -> list[tuple[datetime, str, list[Stretch]]]:
    """The verdicts of the newest runs of a clause as columns, oldest first: as of when, number, parts."""
    runs = ConformityRun.objects.filter(clause=clause).order_by("-as_of", "-id")[:most]
    return [(run.as_of, run.number, stretched(_ordered(run.counts))) for run in reversed(runs)]


def lines_of(run: ConformityRun, clause: str = "") -> list[Line]:
    """The requirements of a clause with their verdicts in a run, in the order of the standard."""
    results = results_of(run, clause)
    return [
        Line(
            requirement,
            Verdict(Status(result.status), Reason(result.reason)),
            result.seen,
            result.late_count,
            result.failed_count,
        )
        for requirement in catalogue(run.edition).within(clause)
        if (result := results.get(requirement.id)) is not None
    ]


def chosen(lines: Iterable[Line], status: str, binding: bool = False) -> list[Line]:
    """The lines of one verdict (all when empty), without notes and information when `binding`."""
    return [
        line
        for line in lines
        if (not status or line.status.value == status) and (line.requirement.binds or not binding)
    ]


def tallies(lines: Sequence[Line]) -> list[tuple[Tally, list[Tally]]]:
    """Clauses 4 to 10, each with the clauses that hold its requirements."""
    book = catalogue()
    found: list[tuple[Tally, list[Tally]]] = []
    for top in book.tops:
        below = [line for line in lines if line.requirement.clause.partition(".")[0] == top]
        if below:
            found.append((Tally(top, book.titles[top], below), list(_leaves(below))))
    return found


def readiness(lines: Iterable[Line], *, proven: bool = True) -> Readiness:
    """Ready only when every binding requirement is settled, by a ledger that is whole; else the reasons, the worst first."""
    counted = Counter(line.status for line in lines if line.requirement.binds)
    if not counted:
        return Readiness(ready=False, reasons=[(Status.NOT_CHECKED, _("nothing has been checked"))])
    reasons = [(status, _hindrance(status, counted[status])) for status in HINDERING if counted[status]]
    return Readiness(ready=proven and not reasons, reasons=reasons)


HINDERING = (Status.NONCONFORMING, Status.ERROR, Status.UNDETERMINED, Status.NOT_CHECKED)


def _hindrance(status: Status, n: int) -> str:
    if status is Status.NONCONFORMING:
        says = ngettext("%(n)d requirement is nonconforming", "%(n)d requirements are nonconforming", n)
    elif status is Status.ERROR:
        says = ngettext(
            "the check of %(n)d requirement failed to run", "the checks of %(n)d requirements failed to run", n
        )
    elif status is Status.UNDETERMINED:
        says = ngettext("%(n)d requirement cannot be determined", "%(n)d requirements cannot be determined", n)
    else:
        says = ngettext("%(n)d requirement is not checked", "%(n)d requirements are not checked", n)
    return says % {"n": n}


def _ordered(counts: Mapping[str, int]) -> dict[Status, int]:
    return {status: counts[status] for status in BEST_FIRST if counts.get(status)}


def _leaves(lines: Sequence[Line]) -> Iterator[Tally]:
    book = catalogue()
    for clause in dict.fromkeys(line.requirement.clause for line in lines):
        own = [line for line in lines if line.requirement.clause == clause]
        yield Tally(clause, book.titles[clause], own)
