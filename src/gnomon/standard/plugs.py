"""What an app may declare for the floors above to collect (docs/sockets.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from gnomon.standard.expressions import Value
from gnomon.standard.periods import Period


class Says(Protocol):
    """A text that knows its language when it is shown: a `str` or a lazy translation."""

    def __str__(self) -> str: ...


class Actor(Protocol):
    """Whoever acts: a person, or the system itself."""

    @property
    def number(self) -> str: ...

    @property
    def roles(self) -> Sequence[str]: ...


# --- evidence: does a requirement hold, by the records? ---------------------------------------


@dataclass(frozen=True, slots=True)
class Limit:
    """One numeric parameter of an evidence rule; the standard itself sets none."""

    value: float
    unit: str

    @property
    def length(self) -> timedelta:
        """The limit as a length of time; ValueError when its unit is not one."""
        if self.unit not in {"minutes", "hours", "days", "weeks"}:
            raise ValueError(f"{self.unit} is not a unit of time.")
        return timedelta(**{self.unit: self.value})


@dataclass(frozen=True, slots=True)
class Question:
    """What a check is asked: the window it looks at, as known at one moment, with the limits in force.

    A recordwise check may be asked about some records only (`among`), and to name in `Finding.turns` those
    whose verdict time alone will turn before `until`.
    """

    period: Period
    as_of: datetime
    limits: tuple[Limit, ...] = ()
    among: frozenset[str] | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw: record numbers of its population, of those late and of those that failed.

    `turns` says from when on a record must be asked about again though nothing is written about it. One that is
    not `whole` saw a part of what its rule asks for: it can convict, but what holds in it proves nothing.
    """

    population: Sequence[str]
    late: Sequence[str] = ()
    failed: Sequence[str] = ()
    connected: bool = True
    groups: Mapping[str, int] | None = None
    turns: Mapping[str, datetime] = field(default_factory=dict)
    whole: bool = True

    @property
    def seen(self) -> int:
        return len(self.population)


@dataclass(frozen=True, slots=True)
class Recordwise:
    """A promise of a check: what it says of a record rests on that record alone, on time, and on what it `reads`.

    So a run may amend what an earlier one saw: it asks again about records of `kind` that were written about
    since, and about those whose time has come by `Finding.turns`. An entry about a kind of `reads` makes it
    ask about all.
    """

    kind: str
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceCheck:
    """A sentence that should be true of the records, judged over a window.

    `rule` is the position (from 1) of the catalogue's evidence rule that it decides;
    window, threshold, weight and the meaning of an empty population come from there. `lacks` says what of the rule
    no record here tells; findings of such a check may be no whole ones.
    """

    requirement: str
    says: Says
    run: Callable[[Question], Finding]
    rule: int = 1
    version: int = 1
    recordwise: Recordwise | None = None
    lacks: Says = ""

    @property
    def name(self) -> str:
        return f"{self.requirement}/{self.rule}"


def evidence(
    requirement: str,
    says: Says,
    *,
    rule: int = 1,
    version: int = 1,
    recordwise: Recordwise | None = None,
    lacks: Says = "",
) -> Callable[[Callable[[Question], Finding]], EvidenceCheck]:
    """Declare the function below as the check of a requirement."""

    def declare(run: Callable[[Question], Finding]) -> EvidenceCheck:
        return EvidenceCheck(requirement, says, run, rule=rule, version=version, recordwise=recordwise, lacks=lacks)

    return declare


# --- measures: how well does a process do? ----------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """A figure about a process, as data: which records it counts, what each adds, and which way is better.

    `name` is the id of the KPI in the process catalogue, `owner` a role of it: that of the process when empty.
    A record of `kind` counts when it meets `among`, parameters of the kind's list page with commas between
    alternatives, so that the page can always show exactly what was counted, and

    - with `at`, when that moment of it lies in the period;
    - with `standing`, when it stood at the end of the period: the name of a lens of the kind that rests on `Stands`;
    - with neither, as the register stood at the end of the period, by the ledger when that is past.

    `{moment}` and `{day}` in a parameter are the end of the period. `holds` says in the same way which records a
    share is of; `value` is what a record adds to a mean, of which `scale` make one unit: the age of what stands
    needs none. `aim` says the target in words where a number alone would mislead. `dimensions` are fields;
    snapshots are kept by those in `kept_by`. Whoever changes what is counted raises `version`.
    """

    name: str
    process: str
    title: Says
    unit: Literal["hours", "days", "%", "count", "score"]
    direction: Literal["higher", "lower", "range"]
    how: Literal["mean", "share", "count"]
    kind: str
    at: str = ""
    among: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[str, str] = field(default_factory=dict)
    value: Value | None = None
    scale: float = 1
    standing: str = ""
    dimensions: tuple[str, ...] = ()
    kept_by: tuple[str, ...] = ()
    target: float | None = None
    aim: Says = ""
    formula: Says = ""
    owner: str = ""
    version: int = 1

    @property
    def is_of_register(self) -> bool:
        """Whether it is taken of all records as they stand, and not of those of a time."""
        return not self.at and not self.standing


# --- the rest ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReviewInput:
    """What an app tells the management review (9.3)."""

    requirement: str
    title: Says
    gather: Callable[[Period], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the menu; shown to people who hold one of `roles` (to all when empty).

    What is set up once and then seldom opened is `rare`: it stands folded away at the end of its group.
    """

    title: Says
    url: str
    clause: str
    icon: str = "circle"
    roles: tuple[str, ...] = ()
    order: int = 100
    rare: bool = False


@dataclass(frozen=True, slots=True)
class MyWork:
    """What waits for one person: a number and the list that it counts.

    `kind` and `query` name that list once more, so that home can show its first rows: as many as `shows`.
    """

    title: Says
    count: Callable[[Actor], int]
    url: str
    icon: str = "inbox"
    roles: tuple[str, ...] = ()
    kind: str = ""
    query: str = ""
    shows: int = 0


def _to_nobody(_record: Any, _entry: Any) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Notice:
    """What people are told when a verb, or one of several with blanks between, happens to a kind of record.

    `to(record, entry)` answers their numbers. `title` may hold %(number)s, %(title)s and %(actor)s; `text` answers
    further words. Whoever did it is not told; of several notices for one entry, each person gets the first that is
    meant for them. `what` is a topic that people choose channels for; `links` are purposes of links that were sent;
    `url`, with a gap for the %(number)s, leads elsewhere than to the record's own page. By its `name`, which no
    other notice of the kind has, an organisation gives it words of its own.

    One without a verb is told by a call of `tell`, which fills its `gaps` beyond those of the record, and gives the
    further words when it `passes_on` some. Its kind is `*` when it is about records of any kind, and empty when it
    is about none. What is `urgent` waits for no quiet hours.
    """

    kind: str
    verb: str
    title: Says
    to: Callable[[Any, Any], Iterable[str]] = _to_nobody
    what: str = "other"
    text: Callable[[Any, Any], str] | None = None
    links: tuple[str, ...] = ()
    internal: bool = False
    url: str = ""
    name: str = ""
    gaps: Mapping[str, Says] = field(default_factory=dict, hash=False)
    passes_on: bool = False
    urgent: bool = False

    @property
    def key(self) -> str:
        """`incident.solved`: tells this notice from all others; empty for one without a name."""
        kind = {"*": "any", "": "gnomon"}.get(self.kind, self.kind)
        return f"{kind}.{self.name}" if self.name else ""

    @property
    def has_words(self) -> bool:
        """Whether further words may follow the title."""
        return self.passes_on or self.text is not None


@dataclass(frozen=True, slots=True)
class Job:
    """Work done later: `run(**facts)` at least once, so it must be idempotent.

    `every` makes it a schedule as well; `attempts` and `backoff` rule its retries. A worker takes several `brief`
    ones at once: those that touch the database alone and end within some hundredths of a second.
    """

    name: str
    run: Callable[..., None]
    every: timedelta | None = None
    attempts: int = 8
    backoff: timedelta = timedelta(seconds=10)
    brief: bool = False
    title: Says = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
