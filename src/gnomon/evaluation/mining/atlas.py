"""The map as people see it: words, links and colours for what was discovered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from gnomon.evaluation.mining.asked import Asked
from gnomon.evaluation.mining.graph import Edge, Graph, Node
from gnomon.evaluation.mining.picture import BEGIN, END, Stop, Way, picture
from gnomon.evaluation.mining.selecting import ARROW
from gnomon.evaluation.mining.shown import Part, part_of
from gnomon.standard.plugs import Says
from gnomon.ui.durations import duration_words
from gnomon.ui.numbers import number_words

HOUR = 3_600_000
MANY_DAYS = 100
# Upper ends of the colours for a usual time, with the words that go with them.
PACES: Sequence[tuple[float, Says]] = (
    (HOUR, gettext_lazy("within an hour")),
    (24 * HOUR, gettext_lazy("within a day")),
    (7 * 24 * HOUR, gettext_lazy("within a week")),
    (float("inf"), gettext_lazy("a week or longer")),
)


@dataclass(frozen=True, slots=True)
class StopLine:
    """An activity in the table beside the map."""

    title: str
    tone: str
    cases: int
    events: int
    first: int
    last: int
    url: str


@dataclass(frozen=True, slots=True)
class WayLine:
    """A path in the table beside the map."""

    start: str
    end: str
    cases: int
    events: int
    median: str
    mean: str
    p90: str
    pace: int
    url: str
    is_shown: bool


@dataclass
class Atlas:
    """Everything about one map."""

    question: Asked
    activities: int = 100
    paths: int = 100

    @cached_property
    def graph(self) -> Graph:
        return self.question.graph()

    @cached_property
    def part(self) -> Part:
        return part_of(self.graph, self.activities, self.paths)

    @cached_property
    def titles(self) -> dict[str, str]:
        return self.question.titles(node.name for node in self.graph.nodes)

    @cached_property
    def phases(self) -> dict[str, str]:
        return self.question.phases()

    @property
    def hidden(self) -> str:
        """What the sliders leave out, in a sentence; empty when nothing."""
        if not (self.part.hidden_nodes or self.part.hidden_edges):
            return ""
        says = _("%(stops)s of %(all_stops)s activities and %(ways)s of %(all_ways)s paths are shown.")
        return says % {
            "stops": len(self.part.nodes), "all_stops": len(self.graph.nodes),
            "ways": len(self.part.edges), "all_ways": len(self.graph.edges),
        }  # fmt: skip

    @property
    def all_url(self) -> str:
        """The list of all records that the map counts."""
        return self._list("any", "")

    def drawing(self) -> SafeString:
        """The picture."""
        says = _("Map. Records: %(cases)s; activities: %(stops)d; paths: %(ways)d. The tables below say the same.")
        facts = {"cases": self.graph.cases, "stops": len(self.part.nodes), "ways": len(self.part.edges)}
        return picture(self._stops(), self._ways(), says % facts)

    def stop_lines(self) -> list[StopLine]:
        """All activities, the hidden ones too."""
        return [
            StopLine(
                self.titles[n.name], self.phases.get(n.name, ""), n.cases, n.events, n.first, n.last,
                self._list("activity", n.name),
            )
            for n in self.graph.nodes
        ]  # fmt: skip

    def way_lines(self) -> list[WayLine]:
        """All paths, the hidden ones too."""
        drawn = {(edge.start, edge.end) for edge in self.part.edges}
        return [
            WayLine(
                self.titles[e.start], self.titles[e.end], e.cases, e.events, time_words(e.time.median),
                time_words(e.time.mean), time_words(e.time.p90), pace_of(e.time.median),
                self._list("step", f"{e.start}{ARROW}{e.end}"), (e.start, e.end) in drawn,
            )
            for e in self.graph.edges
        ]  # fmt: skip

    def _stops(self) -> list[Stop]:
        found = [self._stop(node) for node in self.part.nodes]
        if not found:
            return []
        begin = Stop(BEGIN, _("begin"), self.graph.cases, "", _("Where records begin"), sort="begin")
        end = Stop(END, _("so far"), self.graph.cases, "", _("Where records stand so far"), sort="end")
        return [begin, *found, end]

    def _stop(self, node: Node) -> Stop:
        title = self.titles[node.name]
        says = _("%(title)s. Records: %(cases)s; times: %(events)s. Opens the list.")
        facts = {"title": title, "cases": number_words(node.cases), "events": number_words(node.events)}
        words = ngettext("%(cases)s record", "%(cases)s records", node.cases) % facts
        return Stop(
            node.name, title, node.cases, words, says % facts, self._list("activity", node.name),
            self.phases.get(node.name, ""),
        )  # fmt: skip

    def _ways(self) -> list[Way]:
        found = [self._way(edge) for edge in self.part.edges]
        for node in self.part.nodes:
            if node.first:
                found.append(
                    self._end(BEGIN, node.name, node.first, "first", _("Records that begin with %(title)s: %(cases)s."))
                )
            if node.last:
                found.append(
                    self._end(
                        node.name, END, node.last, "last", _("Records that stand at %(title)s so far: %(cases)s.")
                    )
                )
        return found

    def _way(self, edge: Edge) -> Way:
        says = _(
            "%(start)s → %(end)s. Records: %(cases)s; times: %(events)s; median %(median)s, 90th percentile %(p90)s."
            " Opens the list."
        )
        facts = {
            "start": self.titles[edge.start], "end": self.titles[edge.end], "cases": number_words(edge.cases),
            "events": number_words(edge.events), "median": time_words(edge.time.median), "p90": time_words(edge.time.p90),
        }  # fmt: skip
        words = f"{facts['cases']} · {duration_words(timedelta(milliseconds=edge.time.median or 0), parts=1)}"
        return Way(
            edge.start, edge.end, edge.cases, words, facts["cases"], says % facts,
            self._list("step", f"{edge.start}{ARROW}{edge.end}"), pace_of(edge.time.median),
        )  # fmt: skip

    def _end(self, start: str, end: str, cases: int, what: str, says: str) -> Way:
        name = end if start == BEGIN else start
        words = number_words(cases)
        told = says % {"cases": words, "title": self.titles[name]}
        return Way(start, end, cases, words, words, told, self._list(what, name))

    def _list(self, what: str, value: str) -> str:
        return self.question.listed(what, value)


def pace_of(median: float | None) -> int:
    """1 for within an hour to 4 for a week or longer; 0 where nothing was measured."""
    if median is None:
        return 0
    return next(at for at, (upto, _says) in enumerate(PACES, 1) if median < upto)


def total_words(milliseconds: float) -> str:
    """A long time in whole days, `29,777 d`; a shorter one as `time_words`."""
    days = int(milliseconds / (24 * HOUR))
    if days < MANY_DAYS:
        return time_words(milliseconds)
    return pgettext("duration", "%d d").replace("%d", number_words(days))


def time_words(milliseconds: float | None, *, days: bool = True) -> str:
    """`2 d 4 h`; with `days=False` hours run on."""
    return duration_words(None if milliseconds is None else timedelta(milliseconds=milliseconds), days=days)
