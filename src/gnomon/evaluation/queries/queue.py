"""The queue as this process knows it: what is unresolved, as it was kept, amended by what was told since (8.6.1).

Clocks are derived in the transaction that writes an entry, so whoever follows the entries follows every column that
the desk looks at. What is put right without an entry is seen when the queue is read whole again.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from threading import Lock
from time import time_ns
from typing import Any, NamedTuple

import msgspec
from django.db.models import F

from gnomon.evaluation.models import KeptQueue
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.counting import each_raw_row, in_milliseconds
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.queries.positions import Place, is_of_another_ledger, place_now, place_of, unseen_after
from gnomon.jobs.moments import milliseconds, moment
from gnomon.organization.models import Team
from gnomon.portfolio.models import Service
from gnomon.records.definitions import within as states_within
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.reading import rows
from gnomon.records.memory import Memory
from gnomon.records.queries.together import one_of, one_of_numbers
from gnomon.workflow.tables import Phase

KIND = "incident"
AT_ONCE = 500
# With more records changed than these, reading all of them costs no more.
MANY = 50_000
WHOLE = 3_600_000  # milliseconds
COLUMNS = ("service_id", "team_id", "assignee_id", "priority", "status", "is_major", "respond_met", "resolve_met")


class Group(NamedTuple):
    """What unresolved incidents have in common, as far as the desk's figures look at it."""

    service: int | None
    team: int | None
    assignee: int | None
    priority: int | None
    status: str
    is_major: bool
    failed: bool
    has_due: bool


Keys = Collection[int | None]
State = tuple[int, int]  # the place of its group, and when its next target falls due


class Queue:
    """How many are in each group, and when those fall due that have missed nothing, by service and team."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self.groups: list[Group] = []
        self._places: dict[Group, int] = {}
        # Three columns of numbers: a third of a million objects would take ten times as much.
        keys, group, due = array("q"), array("q"), array("q")
        for row in rows:
            state = self._state(row)
            keys.append(row[0])
            group.append(state[0])
            due.append(state[1])
        order = sorted(range(len(keys)), key=keys.__getitem__)
        self._keys, self._group, self._due = (array("q", map(some.__getitem__, order)) for some in (keys, group, due))
        self._later: dict[int, State | None] = {}
        self._counts = Counter(self._group)
        dues: dict[tuple[int | None, int | None], list[int]] = defaultdict(list)
        calm = {at: (group.service, group.team) for at, group in enumerate(self.groups) if _is_calm(group)}
        for at, due_at in zip(self._group, self._due, strict=True):
            if at in calm:
                dues[calm[at]].append(due_at)
        self._dues = {key: array("q", sorted(some)) for key, some in dues.items()}

    @classmethod
    def unpacked(cls, kept: bytes | memoryview) -> Queue:
        """A queue as it was kept."""
        held, queue = _unpack(kept), cls(())
        queue.groups = [Group(*one) for one in held.groups]
        queue._places = {group: at for at, group in enumerate(queue.groups)}
        queue._keys, queue._group, queue._due = map(_numbers_unpacked, (held.keys, held.group, held.due))
        queue._counts = Counter(queue._group)
        queue._dues = {(service, team): _numbers_unpacked(dues) for service, team, dues in held.dues}
        return queue

    def packed(self) -> bytes:
        """All of it in a few megabytes, for a third of a million incidents."""
        came = sorted((key, *state) for key, state in self._later.items() if state is not None)
        stayed = (line for line in zip(self._keys, self._group, self._due, strict=True) if line[0] not in self._later)
        keys, group, due = array("q"), array("q"), array("q")
        for line in merge(stayed, came):
            for column, number in zip((keys, group, due), line, strict=True):
                column.append(number)
        dues = [(service, team, _numbers_packed(some)) for (service, team), some in self._dues.items()]
        return _pack(Packed(self.groups, _numbers_packed(keys), _numbers_packed(group), _numbers_packed(due), dues))

    def put(self, key: int, row: Sequence[Any] | None) -> None:
        """What an incident is now; None when it is not in the queue."""
        before = self._now(key)
        after = self._state(row) if row is not None else None
        if before == after:
            return
        self._later[key] = after
        if before is not None:
            self._counts[before[0]] -= 1
            if _is_calm(group := self.groups[before[0]]):
                dues = self._dues[group.service, group.team]
                dues.pop(bisect_left(dues, before[1]))
        if after is not None:
            self._counts[after[0]] += 1
            if _is_calm(group := self.groups[after[0]]):
                insort(self._dues.setdefault((group.service, group.team), array("q")), after[1])

    def counts(self) -> Mapping[Group, int]:
        """How many incidents are in each group."""
        return {self.groups[at]: count for at, count in self._counts.items() if count}

    def dues(self, services: Keys | None, teams: Keys | None) -> list[array[int]]:
        """When those of some services and teams fall due that have missed nothing, in order each; all where None."""
        return [
            dues[:]  # another thread may amend the queue while somebody looks
            for (service, team), dues in self._dues.items()
            if (services is None or service in services) and (teams is None or team in teams)
        ]

    def _now(self, key: int) -> State | None:
        if key in self._later:
            return self._later[key]
        at = bisect_left(self._keys, key)
        if at == len(self._keys) or self._keys[at] != key:
            return None
        return self._group[at], self._due[at]

    def _state(self, row: Sequence[Any]) -> State:
        _key, due, service, team, assignee, priority, status, major, respond, resolve = row
        # Booleans come from SQLite as 0 and 1.
        failed = (respond is not None and not respond) or (resolve is not None and not resolve)
        group = Group(service, team, assignee, priority, status, bool(major), failed, due is not None)
        at = self._places.get(group)
        if at is None:
            at = self._places[group] = len(self.groups)
            self.groups.append(group)
        return at, due or 0


class Packed(NamedTuple):
    """A queue as it is kept."""

    groups: list[Group]
    keys: bytes
    group: bytes
    due: bytes
    dues: list[tuple[int | None, int | None, bytes]]


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Packed).decode


def _numbers_packed(numbers: array[int]) -> bytes:
    return zlib.compress(numbers.tobytes(), 1) if numbers else b""


def _numbers_unpacked(kept: bytes) -> array[int]:
    found = array("q")
    if kept:
        found.frombytes(zlib.decompress(kept))
    return found


def _is_calm(group: Group) -> bool:
    return group.has_due and not group.failed


class View:
    """A queue, or the part of it that belongs to some services and teams."""

    def __init__(self, queue: Queue, services: Keys | None = None, teams: Keys | None = None) -> None:
        self._dues = queue.dues(services, teams)
        self._waiting = frozenset(states_within(kind_named(KIND), Phase.WAITING))
        self._counts = [
            (group, count)
            for group, count in queue.counts().items()
            if (services is None or group.service in services) and (teams is None or group.team in teams)
        ]

    @property
    def total(self) -> int:
        return sum(count for _group, count in self._counts)

    @property
    def waiting(self) -> int:
        return sum(count for group, count in self._counts if group.status in self._waiting)

    @property
    def major(self) -> int:
        return sum(count for group, count in self._counts if group.is_major)

    @property
    def of_nobody(self) -> int:
        return sum(count for group, count in self._counts if group.assignee is None)

    @property
    def without_target(self) -> int:
        """No target runs, and none was missed."""
        return sum(count for group, count in self._counts if not group.failed and not group.has_due)

    def late(self, now: int) -> int:
        """A target was missed, or passes by unmet."""
        return sum(count for group, count in self._counts if group.failed) + self._due_before(now)

    def due(self, start: int, end: int | None) -> int:
        """Nothing was missed, and the next target falls due between two moments; `start` is not before now."""
        if end is None:
            return sum(count for group, count in self._counts if _is_calm(group)) - self._due_before(start)
        return self._due_before(end) - self._due_before(start)

    def by(self, field: str, waiting: bool | None = None) -> Counter[Any]:
        """How many for each team, assignee or priority; of them those that wait, or that are worked on."""
        found: Counter[Any] = Counter()
        for group, count in self._counts:
            if waiting is None or (group.status in self._waiting) == waiting:
                found[getattr(group, field)] += count
        return found

    def _due_before(self, moment: int) -> int:
        return sum(bisect_left(dues, moment) for dues in self._dues)


class Known(NamedTuple):
    """A queue up to a place in the ledger, the states that it holds, and when it was read whole."""

    queue: Queue
    place: Place
    states: tuple[str, ...]
    read_at: int

    @property
    def is_old(self) -> bool:
        return not is_current(self.states, self.read_at)


_known: Memory[str, Known] = Memory(1)
_one_at_a_time = Lock()


def queue_now(narrowed: Within) -> View:
    """The queue by what the ledger holds now, of those services and teams that narrow it."""
    try:
        services, teams = _parts_of(**narrowed)
    except LookupError:
        return View(Queue(_rows(narrowed)))
    with _one_at_a_time:
        return View(_followed().queue, services, teams)


def _followed() -> Known:
    """What this process knows, or what is kept for it, brought up to the ledger."""
    known = _known.get(KIND)
    if known is None or known.is_old:
        known = kept_queue(known)
    known = (known and followed(known)) or read_queue()
    _known.put(KIND, known)
    return known


def followed(known: Known) -> Known | None:
    """What is known, brought up to the ledger; None when the queue has to be read whole."""
    if not known.place.sequence:
        return None
    # First where the ledger stands: what is told while rows are read is looked at again next time.
    place = place_now(KIND, known.place)
    numbers = numbers_since(known.place)
    if numbers is None:
        return None
    _amend(known.queue, numbers)
    return known._replace(place=place)


def read_queue() -> Known:
    """The queue as the records show it."""
    place, read_at = place_now(KIND), _now()
    return Known(Queue(_rows({})), place, unresolved_states(), read_at)


def kept_queue(known: Known | None = None) -> Known | None:
    """What is kept, when it was read whole later than what is known, and no longer ago than until the next time."""
    since = max(known.read_at if known is not None else 0, _now() - 2 * WHOLE)
    kept = KeptQueue.objects.filter(kind=KIND, read_at__gt=moment(since)).first()
    if kept is None or tuple(kept.states) != unresolved_states():
        return None
    return Known(Queue.unpacked(kept.queue), place_of(kept), unresolved_states(), milliseconds(kept.read_at))


def is_current(states: tuple[str, ...], read_at: int) -> bool:
    """Whether a queue of these states is followed still that was read whole at a moment."""
    return states == unresolved_states() and _now() - read_at < WHOLE


def unresolved_states() -> tuple[str, ...]:
    return states_within(kind_named(KIND), Phase.OPEN, Phase.WAITING)


def numbers_since(place: Place) -> list[str] | None:
    """The incidents of which something was told since; None when they are very many, or the ledger is another."""
    if is_of_another_ledger(place):
        return None
    query = "SELECT DISTINCT number FROM records_ledgerentry WHERE kind = %s AND sequence > %s LIMIT %s"
    numbers = [number for (number,) in rows(query, [KIND, unseen_after(KIND, place), MANY + 1])]
    return numbers if len(numbers) <= MANY else None


def _now() -> int:
    return time_ns() // 1_000_000


def _amend(queue: Queue, numbers: Sequence[str]) -> None:
    for start in range(0, len(numbers), AT_ONCE):
        some = one_of_numbers(numbers[start : start + AT_ONCE])
        keys = list(kind_named(KIND).model.objects.filter(number__in=some).order_by().values_list("pk", flat=True))
        now = {row[0]: row for row in _rows({}, keys)}
        for key in keys:
            queue.put(key, now.get(key))


def _rows(narrowed: Within, keys: Sequence[int] | None = None) -> Iterator[tuple[Any, ...]]:
    """What the list of unresolved incidents shows, as columns alone."""
    records = lists.records_of(KIND, {"phase": ["unresolved"], **narrowed})
    if keys is not None:
        # By their keys alone: SQLite would rather read all that are unresolved for a few hundred numbers.
        records = records.filter(pk__in=one_of(keys))
    return each_raw_row(records.values_list("pk", in_milliseconds(F("due_at")), *COLUMNS))


def _parts_of(
    service: Sequence[str] = (), team: Sequence[str] = (), **others: Sequence[str]
) -> tuple[Keys | None, Keys | None]:
    """The keys of the services and teams that narrow a dashboard; LookupError where only the list knows what is meant."""
    if others:
        raise LookupError(*others)
    return _keys_of(Service, service), _keys_of(Team, team)


def _keys_of(model: Any, values: Sequence[str]) -> Keys | None:
    if not values:
        return None
    if list(values) == ["none"]:
        return frozenset([None])
    keys = frozenset(model.objects.filter(number__in=values).values_list("pk", flat=True))
    if len(keys) != len(set(values)):
        raise LookupError(*values)
    return keys
