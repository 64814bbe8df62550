"""Golden rule (i) on every dashboard: each tile, bar, point and cell counts what its list shows; none goes without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.evaluation.conftest import make_mixed_year, shared
from tests.evaluation.sample import make_ratings_and_agreements

from gnomon.certification.actions import run_checks
from gnomon.evaluation.actions import amend_tallies
from gnomon.evaluation.boards.all import BOARDS, sheet_of
from gnomon.evaluation.boards.asking import MORE
from gnomon.evaluation.boards.contributed import contributions
from gnomon.evaluation.boards.declared import Asked, Dashboard
from gnomon.evaluation.boards.sheet import Mark, marks
from gnomon.evaluation.choices import NARROWED_BY, choice
from gnomon.evaluation.queries.dashboard import span_of_records
from gnomon.organization.roles import CODES
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kinds
from gnomon.records.listing import Listing

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]

NOW = datetime(2026, 11, 15, 3, 30, tzinfo=UTC)
ASKED: list[dict[str, str]] = [
    {"period": "all"},
    {"period": "30"},
    {"period": "month", "step": "month"},
    {"period": "custom", "from": "2026-02-10", "to": "2026-07-20", "step": "month", "team": "XT-1"},
    {"period": "custom", "from": "2026-03-01", "to": "2026-03-10", "priority": "1", "service": "XS-1"},
    {"period": "all", "service": "XS-0", "team": "none", "customer": "XC-0"},
    {"period": "custom", "from": "2020-03-01", "to": "2020-03-10"},
]


class Everybody:
    """Holds every role, so that nothing is left out of a dashboard."""

    number, pk = "PER-000001", 1
    roles = CODES


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    def fill() -> Any:
        made = make_mixed_year()
        make_ratings_and_agreements(made)
        amend_tallies()
        return made

    with shared(django_db_blocker, fill) as made:
        yield made


def sheet(board: Dashboard, given: dict[str, str], now: datetime = NOW) -> Any:
    first, newest = span_of_records()
    known = {name: value for name, value in given.items() if name not in NARROWED_BY or name in board.narrowed_by}
    more = {name: given[name] for name in MORE if name in given}
    return sheet_of(board, Asked(Everybody(), choice(known, first=first, newest=newest, now=now), now, more))


def counted_by_list(board: Dashboard, url: str) -> int | None:
    """How many records, or lines of another page, an address shows."""
    parts = urlsplit(url)
    kind = next((one for one in kinds() if parts.path == f"/{one.app}/{one.path}/"), None)
    if kind is not None:
        return Listing(kind, Everybody(), parse_qs(parts.query, strict_parsing=True)).count()
    told = [one.counts(url, Everybody()) for one in contributions(board.name) if one.counts is not None]
    return next((count for count in told if count is not None), None)


@pytest.mark.parametrize("given", ASKED, ids=str)
@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_every_figure_counts_what_its_list_shows(
    year: Any, monkeypatch: pytest.MonkeyPatch, board: Dashboard, given: dict[str, str]
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    wrong = []
    known: dict[str, int | None] = {}
    for mark in marks(sheet(board, given)):
        if mark.url not in known:
            known[mark.url] = counted_by_list(board, mark.url) if mark.url else None
        if mark.count is None or known[mark.url] != mark.count:
            wrong.append((mark, known[mark.url]))
    assert wrong == []


def test_what_certification_adds_counts_the_requirements_that_it_lists(year: Any) -> None:
    run_checks(by=SYSTEM)
    management = BOARDS[-1]
    added = [mark for mark in marks(sheet(management, {"period": "all"})) if mark.where.startswith("Conformity")]
    assert sum(mark.count or 0 for mark in added) > 300
    assert [mark for mark in added if counted_by_list(management, mark.url) != mark.count] == []


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_there_is_something_of_everything(year: Any, monkeypatch: pytest.MonkeyPatch, board: Dashboard) -> None:
    """A walk over nothing would prove nothing."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    seen: list[Mark] = list(marks(sheet(board, {"period": "all"})))
    assert (
        sum(1 for mark in seen if mark.count) > {"desk": 15, "process": 150, "service": 40, "management": 8}[board.name]
    )


def test_the_desk_counts_as_its_lists_do_in_the_middle_of_work(year: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With clocks that run out at all sorts of moments, seen at several times of a day."""
    from gnomon.resolution.models import Incident

    desk = BOARDS[0]
    for at, incident in enumerate(Incident.objects.filter(status__in=("new", "waiting", "in_progress")).order_by("pk")):
        incident.due_at = None if at % 5 == 0 else NOW + timedelta(minutes=17 * (at % 120) - 600)
        incident.opened_at = NOW - timedelta(minutes=37 * at)
        incident.save(update_fields=["due_at", "opened_at"])
    for hours in (0, 3, 13):
        now = NOW + timedelta(hours=hours)
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
        seen = list(marks(sheet(desk, {}, now)))
        assert [(m, c) for m in seen if (c := counted_by_list(desk, m.url)) != m.count] == []
        by_title = {mark.figure: mark.count for mark in seen[:8]}
        bars = [mark.count for mark in seen if "time left" in mark.where]
        # Every unresolved incident stands in one bar.
        assert sum(count or 0 for count in bars) == by_title["Unresolved"]
