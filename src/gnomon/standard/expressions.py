"""What measures and lists say about a record, as data: the database, the lake and plain Python all read it.

Values::

    Field     what a field holds
    Elapsed   the time from one moment of the record to another

Conditions, each asked as of a moment::

    Stands    it has begun and not ended
    NotLater  one moment of it is no later than another
    Has       some record of another kind points to it

All are two-valued: what rests on an empty field does not hold, and its opposite does. Further conditions are
written as the parameters of a list page, which are data already: `{"status": "published", "due_at.to": …}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Field:
    """What a field holds: a number."""

    name: str


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Milliseconds from one moment of a record to another, by the clock on the wall; none while either is empty."""

    start: str
    end: str


Value = Field | Elapsed


@dataclass(frozen=True, slots=True)
class Stands:
    """It began before the moment asked about and had not ended then: at the earliest of `ends` that is filled."""

    start: str
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotLater:
    """Both moments are filled, and the first is no later than the second."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Has:
    """Some record of `kind` names this one in its field `by`, and meets `among` (list parameters, commas between
    alternatives).

    With `since`, a moment of the other record, that must lie no further back from the moment asked about than
    the days in the field `days` of this one, and `grace` more.
    """

    kind: str
    by: str
    among: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    days: str = ""
    grace: int = 0


Condition = Stands | NotLater | Has
