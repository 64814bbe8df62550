"""A map of a process drawn on the server: how often by thickness, how long by colour, both also in words.

Wide pages and telephones get a drawing each, of the same parts; the tables beside it say the same.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from gnomon.evaluation.mining.layers import Arrow
from gnomon.evaluation.mining.layout import Placed, Size, placed
from gnomon.standard.plugs import Says
from gnomon.ui.charts.scales import shortened, text_width
from gnomon.ui.charts.svg import link, number, tag
from gnomon.ui.markup import joined

TEXT, SMALL = 13.0, 12.0
MARGIN = 10.0
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stop:
    """An activity, or where cases begin and end: its number opens `url`."""

    name: str
    title: Says
    cases: int
    words: str
    says: str
    url: str = ""
    tone: str = ""  # a phase
    sort: str = "stop"  # or begin, end


@dataclass(frozen=True, slots=True)
class Way:
    """A path from one stop to another; `pace` is 1 for quick to 4 for slow, 0 where no time passes."""

    start: str
    end: str
    cases: int
    words: str
    short: str
    says: str
    url: str = ""
    pace: int = 0

    @property
    def arrow(self) -> Arrow:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class _Paper:
    name: str
    size: Size
    short: bool


WIDE = _Paper("wide", Size(box=176.0, high=46.0, row=46.0, apart=16.0), short=False)
NARROW = _Paper("narrow", Size(box=104.0, high=44.0, row=42.0, apart=8.0), short=True)


def picture(stops: Sequence[Stop], ways: Sequence[Way], says: str) -> SafeString:
    """Both drawings; a sheet of style shows the one that fits."""
    return joined(_drawn(paper, stops, ways, says) for paper in (WIDE, NARROW))


def _drawn(paper: _Paper, stops: Sequence[Stop], ways: Sequence[Way], says: str) -> SafeString:
    told = {way.arrow: way.short if paper.short else way.words for way in ways}
    weights = {way.arrow: float(way.cases) for way in ways}
    words = {arrow: text_width(text, SMALL) + 12 for arrow, text in told.items()}
    plan = placed([stop.name for stop in stops], weights, words, paper.size)
    loops = {way.start: way for way in ways if way.start == way.end}
    room = max((text_width(told[way.arrow], SMALL) + 34 for way in loops.values()), default=0.0)
    most = max((way.cases for way in ways), default=1)
    ends = _ports(plan, ways, paper.size)
    paths = [
        _way(way, told[way.arrow], _line(way, plan, ends, paper.size), plan.said[way.arrow], most)
        for way in sorted(ways, key=lambda one: one.cases)
        if way.start != way.end
    ]
    parts = [_stop(stop, plan.at[stop.name], paper.size) for stop in stops]
    turns = [_loop(way, told[way.arrow], plan.at[name], paper.size, most) for name, way in loops.items()]
    width, height = plan.width + 2 * MARGIN + room, plan.height + 2 * MARGIN - paper.size.row
    return tag(
        "svg", *paths, *parts, *turns, class_=f"course course-{paper.name}", role="group", aria_label=says,
        viewBox=f"{number(-MARGIN)} {number(-MARGIN)} {number(width)} {number(height)}",
        width=number(width), height=number(height),
    )  # fmt: skip


# --- parts ---


def _stop(stop: Stop, at: Point, size: Size) -> SafeString:
    x, y = at
    if stop.sort != "stop":
        dot = tag("circle", cx=number(x), cy=number(y), r=9, class_="course-end")
        inner = tag("circle", cx=number(x), cy=number(y), r=4, class_="course-core")
        beside = tag("text", str(stop.title), x=number(x + 15), y=number(y + 4), class_="course-words")
        return tag("g", tag("title", stop.says), dot, inner, beside, class_=f"course-is-{stop.sort}")
    left, top = x - size.box / 2, y - size.high / 2
    parts = [
        tag("rect", x=number(left), y=number(top), width=size.box, height=size.high, rx=6, class_="course-box"),
        tag("rect", x=number(left), y=number(top), width=5, height=size.high, rx=2.5, class_="course-tone"),
        tag(
            "text", shortened(str(stop.title), size.box - 20, TEXT), x=number(x + 2), y=number(y - 4),
            text_anchor="middle", class_="course-name",
        ),
        tag("text", stop.words, x=number(x + 2), y=number(y + 14), text_anchor="middle", class_="course-count"),
    ]  # fmt: skip
    inside = link(stop.url, *parts, says=stop.says)
    return tag("g", inside, class_=f"course-stop phase-{stop.tone}" if stop.tone else "course-stop")


def _way(way: Way, words: str, line: tuple[str, Point, int], said: Point, most: int) -> SafeString:
    path, tip, down = line
    x, y = said
    wide = text_width(words, SMALL) + 8
    parts = [
        tag("path", d=path, class_="course-near"),
        tag("path", d=path, class_="course-line", stroke_width=number(_thick(way.cases, most))),
        tag("path", d=f"M{number(tip[0])} {number(tip[1])}l-5 {-9 * down}h10z", class_="course-head"),
        tag(
            "rect", x=number(x - wide / 2), y=number(y - 9), width=number(wide), height=18, rx=4, class_="course-plate"
        ),
        tag("text", words, x=number(x), y=number(y + 4), text_anchor="middle", class_="course-words"),
    ]
    return tag("g", link(way.url, *parts, says=way.says), class_=f"course-way pace-{way.pace}")


def _loop(way: Way, words: str, at: Point, size: Size, most: int) -> SafeString:
    """A path that leads back to where it came from, at the right of its stop."""
    x, y = at[0] + size.box / 2, at[1]
    path = f"M{number(x)} {number(y - 10)}c26 -10 26 30 3 20"
    parts = [
        tag("path", d=path, class_="course-near"),
        tag("path", d=path, class_="course-line", stroke_width=number(_thick(way.cases, most))),
        tag("path", d=f"M{number(x)} {number(y + 9)}l9 -3v9z", class_="course-head"),
        tag("text", words, x=number(x + 24), y=number(y + 4), class_="course-words"),
    ]
    return tag("g", link(way.url, *parts, says=way.says), class_=f"course-way pace-{way.pace}")


def _thick(cases: int, most: int) -> float:
    return 1.2 + 6.8 * math.sqrt(cases / max(1, most))


# --- lines ---


def _ports(plan: Placed, ways: Sequence[Way], size: Size) -> dict[tuple[Arrow, str], Point]:
    """Where each path touches its ends: side by side along the edge of the box, in the order of where they go."""
    sides: dict[tuple[str, int], list[tuple[float, Arrow]]] = {}
    for way in ways:
        if way.start == way.end:
            continue
        joints = plan.joints[way.arrow]
        for name in way.arrow:
            side = _side(plan, way.arrow, name)
            near = joints[0] if side > 0 else joints[-1]
            sides.setdefault((name, side), []).append((near[0], way.arrow))
    found = {}
    for (name, side), touching in sides.items():
        x, y = plan.at[name]
        step = min(26.0, (size.box - 24) / max(1, len(touching)))
        for n, (_near, arrow) in enumerate(sorted(touching)):
            found[arrow, name] = (x + (n - (len(touching) - 1) / 2) * step, y + side * size.high / 2)
    return found


def _side(plan: Placed, arrow: Arrow, name: str) -> int:
    """1 where the path touches the lower edge of the box, -1 where it touches the upper."""
    other = arrow[1] if name == arrow[0] else arrow[0]
    return 1 if plan.layer[name] <= plan.layer[other] else -1


def _line(way: Way, plan: Placed, ends: dict[tuple[Arrow, str], Point], size: Size) -> tuple[str, Point, int]:
    """The path, its tip, and whether the tip points down (1) or up (-1)."""
    start, end = ends[way.arrow, way.start], ends[way.arrow, way.end]
    start, end = _at_circle(way.start, start, plan, size), _at_circle(way.end, end, plan, size)
    joints = list(plan.joints[way.arrow])
    if plan.layer[way.start] == plan.layer[way.end]:
        deep = joints[0][1] + (joints[0][1] - start[1]) / 3
        stop = (end[0], end[1] + 8)
        return (
            f"M{_p(start)}C{_p((start[0], deep))} {_p((end[0], deep))} {_p(stop)}", end, -1,
        )  # fmt: skip
    down = 1 if plan.layer[way.start] < plan.layer[way.end] else -1
    stop = (end[0], end[1] - 8 * down)
    points = [start, *(joints if down > 0 else joints[::-1]), stop]
    path = f"M{_p(start)}"
    for one, other in itertools.pairwise(points):
        half = (one[1] + other[1]) / 2
        path += f"C{_p((one[0], half))} {_p((other[0], half))} {_p(other)}"
    return path, end, down


def _at_circle(name: str, port: Point, plan: Placed, size: Size) -> Point:
    """Where cases begin and end is a small circle, not a box."""
    if name not in {BEGIN, END}:
        return port
    x, y = plan.at[name]
    side = 1 if port[1] > y else -1
    return (x, y + side * 10)


def _p(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


BEGIN, END = "\x02", "\x03"
