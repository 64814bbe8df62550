"""The timeline of a record's page: which entries, which of them first, and where earlier ones are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from gnomon.records.asides import aside_entries
from gnomon.records.kinds import Kind
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.preferences import prefer, preference
from gnomon.records.sorts import AT_FIRST, NAMES, entries_of, named_sorts, sorts_for
from gnomon.records.timelines import clock_entries, timeline
from gnomon.records.views.finding import found, person_of
from gnomon.records.views.others import with_others
from gnomon.ui.queries import changed_query
from gnomon.ui.tables import Tab
from gnomon.ui.timeline import ClockStory, Entry

ENTRIES = 40
MOST = 500


def story(
    request: HttpRequest, kind: Kind, record: Record, stories: Sequence[ClockStory], *, staff: bool
) -> dict[str, Any]:
    """What the page reads of the timeline, its filters and its earlier entries."""
    usual = _usual(request, kind)
    chosen = named_sorts(request.GET["show"]) if "show" in request.GET else usual
    known = sorts_for(staff=staff)
    chosen = chosen.intersection(sort.name for sort in known)
    before, since = _version(request, "before"), _version(request, "since")
    rows, more = _window(kind, record, chosen, before, since)
    entries = timeline(kind, record, rows, to=person_of(request), internal=staff)
    if "clock" in chosen:
        entries = _with_clocks(entries, stories, rows, more=more, first=before is None)
    if staff:
        entries = _with_asides(record, chosen, entries, rows, more=more, first=before is None)
    entries = with_others(kind, record, entries, rows, chosen, to=person_of(request), more=more, first=before is None)
    here = record.get_absolute_url()
    oldest = rows[-1].version if rows else None
    shown = ",".join(name for name in NAMES if name in chosen)
    return {
        "entries": entries,
        "tabs": [Tab(sort.title, _toggled(here, chosen, sort.name), sort.name in chosen, icon=sort.icon)
                 for sort in known],
        "all_url": "" if chosen == {sort.name for sort in known} else f"{here}?show={','.join(NAMES)}",
        "usual_url": f"{here}/timeline/usual" if chosen != usual.intersection(sort.name for sort in known) else "",
        "shown_sorts": shown,
        "more_url": f"{here}{changed_query(request.GET, {'before': oldest, 'since': None})}" if more else "",
        "later_url": f"{here}{changed_query(request.GET, {'before': None, 'since': None})}" if before else "",
        "live_url": "" if before else f"{here}{changed_query(request.GET, {'since': oldest})}",
    }  # fmt: skip


@require_POST
def keep_usual(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Remember what this person wants to see first in timelines of this kind."""
    record = found(request, kind, number)
    chosen = named_sorts(request.POST.get("show", ""))
    prefer(person_of(request), _name(kind), ",".join(name for name in NAMES if name in chosen) or "none")
    return redirect(record)


def without_causes(stories: Sequence[ClockStory]) -> list[ClockStory]:
    """Clocks for those who are not told who did what, nor the reasons: only how time went."""
    return [
        replace(one, policy_url="", stretches=[replace(stretch, because="") for stretch in one.stretches])
        for one in stories
    ]


def _window(
    kind: Kind, record: Record, chosen: frozenset[str], before: int | None, since: int | None
) -> tuple[list[LedgerEntry], bool]:
    """Entries of the chosen sorts, newest first, and whether there are earlier ones."""
    query = LedgerEntry.objects.filter(entries_of(kind, chosen), number=record.number).order_by("-version")
    if kind.told_with is not None:  # what these tell of stands in the timeline itself, with the way that it came
        query = query.exclude(verb__in=[f"{kind.name}:replied", f"{kind.name}:answered"])
    if since is not None and before is None:
        rows = list(query.filter(version__gte=since)[:MOST])
        return rows, bool(rows) and query.filter(version__lt=rows[-1].version).exists()
    if before is not None:
        query = query.filter(version__lt=before)
    rows = list(query[: ENTRIES + 1])
    return rows[:ENTRIES], len(rows) > ENTRIES


def _with_clocks(
    entries: Sequence[Entry], stories: Sequence[ClockStory], rows: Sequence[LedgerEntry], *, more: bool, first: bool
) -> list[Entry]:
    """The entries with the stretches of the clocks among them, as far back as the window reaches."""
    stretches = clock_entries(stories)
    if rows and more:
        stretches = [one for one in stretches if one.at >= rows[-1].happened_at]
    if rows and not first:
        stretches = [one for one in stretches if one.at < rows[0].happened_at]
    return sorted([*entries, *stretches], key=lambda one: one.at, reverse=True) if stretches else list(entries)


def _with_asides(
    record: Record,
    chosen: frozenset[str],
    entries: list[Entry],
    rows: Sequence[LedgerEntry],
    *,
    more: bool,
    first: bool,
) -> list[Entry]:
    """The entries with what apps add beside the ledger, as far back as the window reaches."""
    since = rows[-1].recorded_at if rows and more else None
    beside = aside_entries(record, chosen, since, rows[0].recorded_at if rows and not first else None)
    return sorted([*entries, *beside], key=lambda one: one.at, reverse=True) if beside else entries


def _usual(request: HttpRequest, kind: Kind) -> frozenset[str]:
    kept = preference(person_of(request), _name(kind))
    return named_sorts(kept) if kept else AT_FIRST


def _name(kind: Kind) -> str:
    return f"timeline:{kind.name}"


def _toggled(here: str, chosen: frozenset[str], name: str) -> str:
    after = chosen ^ {name}
    return f"{here}?show={','.join(one for one in NAMES if one in after)}"


def _version(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
