"""The public log of 24,918 incidents (UCI 498, DOI 10.24432/C57S4H) gives the figures that others worked out."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any

import pytest
from django.db import transaction
from tests.records.imports.makers import LOG, ORACLE

from gnomon.agreements.models import ClockProjection
from gnomon.integrations.presets import preset
from gnomon.organization.models import Person, Team
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.facts import blank, fold, ledgered, read_facts, row_fact
from gnomon.records.imports import runs
from gnomon.records.kinds import kind_named
from gnomon.records.models import ImportRun, LedgerEntry
from gnomon.records.search import find_numbers
from gnomon.resolution.models import Incident

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not LOG.exists(), reason=f"The public log is not at {LOG}; its publisher offers it by DOI."),
]
# Minutes to respond and to resolve, by priority, round the clock.
TARGETS = {1: (15, 240), 2: (30, 480), 3: (240, 4320), 4: (480, 7200)}


@pytest.fixture(scope="module")
def run(django_db_setup: None, django_db_blocker: Any) -> Iterator[ImportRun]:
    """The whole log, brought in once for all tests here."""
    mapping = preset("servicenow")
    targets = [
        {"priority": level, "respond_minutes": respond, "resolve_minutes": resolve}
        for level, (respond, resolve) in TARGETS.items()
    ]
    with django_db_blocker.unblock(), transaction.atomic():
        actions.record(
            kind_named("service_level_agreement"), by=SYSTEM, title="Usual targets", targets=targets, is_default=True
        )
        yield runs.carry_out(runs.begin(LOG, mapping, by=SYSTEM), LOG, mapping, by=SYSTEM)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def oracle() -> dict[str, Any]:
    figures: dict[str, Any] = json.loads(Path(ORACLE).read_text())
    return figures


def hours(start: str, end: str, **among: Any) -> list[float]:
    rows = Incident.objects.filter(**among, **{f"{end}__isnull": False}).values_list(start, end)
    return [(until - since).total_seconds() / 3600 for since, until in rows]


def test_every_row_is_an_entry_and_no_row_has_an_error(run: ImportRun, oracle: dict[str, Any]) -> None:
    assert (run.state, run.rows_read) == ("finished", oracle["rows"])
    assert Incident.objects.count() == oracle["incidents"] == 24_918
    assert LedgerEntry.objects.filter(kind="incident").count() == oracle["rows"] == 141_712
    assert (run.counts["findings"].get("error", 0), run.counts["left_out"]) == (0, 0)


def test_people_and_teams_are_those_of_the_log(run: ImportRun, oracle: dict[str, Any]) -> None:
    distinct = oracle["distinct"]
    assert Person.objects.count() == distinct["caller_id"] + distinct["assigned_to"]
    assert Team.objects.count() == distinct["assignment_group"]


def test_final_states_and_priorities_are_those_of_the_log(run: ImportRun, oracle: dict[str, Any]) -> None:
    assert Counter(Incident.objects.values_list("status", flat=True)) == {"closed": oracle["final_state"]["Closed"]}
    priorities = Counter(Incident.objects.values_list("priority", flat=True))
    assert {str(level): count for level, count in priorities.items()} == {
        name[0]: count for name, count in oracle["priority_last"].items()
    }


def test_counts_of_reassigned_and_reopened_are_those_of_the_log(run: ImportRun, oracle: dict[str, Any]) -> None:
    reassigned = Counter(Incident.objects.values_list("reassignment_count", flat=True))
    reopened = Counter(Incident.objects.values_list("reopen_count", flat=True))
    assert {str(n): count for n, count in reassigned.items()} == oracle["reassignment_last"]["hist"]
    assert {str(n): count for n, count in reopened.items()} == oracle["reopen_last"]["hist"]
    assert Incident.objects.filter(reopen_count__gt=0).count() == 275


def test_the_hours_to_resolve_are_those_of_the_log(run: ImportRun, oracle: dict[str, Any]) -> None:
    wanted = oracle["opened_to_resolved_hours"]["all"]
    taken = hours("opened_at", "resolved_at")
    assert len(taken) == wanted["n"] == 23_362
    assert mean(taken) == pytest.approx(wanted["mean"], abs=1e-4)
    assert median(taken) == pytest.approx(wanted["median"], abs=1e-4)
    assert quantiles(taken, n=10, method="inclusive")[8] == pytest.approx(wanted["p90"], abs=1e-4)


@pytest.mark.parametrize("priority", ["1 - Critical", "2 - High", "3 - Moderate", "4 - Low"])
def test_the_hours_to_resolve_of_each_priority_are_those_of_the_log(
    run: ImportRun, oracle: dict[str, Any], priority: str
) -> None:
    wanted = oracle["opened_to_resolved_hours"]["by_priority"][priority]
    taken = hours("opened_at", "resolved_at", priority=int(priority[0]))
    assert (len(taken), mean(taken)) == (wanted["n"], pytest.approx(wanted["mean"], abs=1e-3))


def test_the_hours_to_close_are_those_of_the_log(run: ImportRun, oracle: dict[str, Any]) -> None:
    wanted = oracle["opened_to_closed_hours"]["all"]
    taken = hours("opened_at", "closed_at")
    assert (len(taken), mean(taken)) == (24_918, pytest.approx(wanted["mean"], abs=1e-4))


def test_the_logs_own_account_of_its_targets_is_kept(run: ImportRun, oracle: dict[str, Any]) -> None:
    kept = Incident.objects.filter(source_made_sla=True).count()
    assert (kept, kept / 24_918) == (oracle["made_sla_last_event"]["true"], pytest.approx(0.6342, abs=1e-4))


def test_the_steps_of_the_log_are_kept_as_they_were(run: ImportRun, oracle: dict[str, Any]) -> None:
    # our statuses for theirs; all kinds of waiting are one status here, so moves among them are none
    ours = {"New": "new", "Active": "in_progress", "Resolved": "resolved", "Closed": "closed"}
    wanted: Counter[tuple[str, str]] = Counter()
    for step, count in oracle["transitions"].items():
        old, new = (ours.get(name, "waiting") for name in step.split(" > "))
        if "-100" not in step and old != new:
            wanted[old, new] += count
    # five rows say -100: Active > -100 > Resolved is for us a step from Active to Resolved, and New > -100 likewise
    wanted["in_progress", "resolved"] += 1
    wanted["new", "resolved"] += 1

    told: Counter[tuple[str, str]] = Counter()
    for (text,) in LedgerEntry.objects.filter(kind="incident", version__gt=1).values_list("facts").iterator():
        if '"status"' in text and "status" in (facts := read_facts(text)):
            told[tuple(facts["status"])] += 1  # type: ignore[index]
    assert told == wanted
    assert run.counts["deviations"] == {
        "new → closed": 11, "resolved → waiting": 2, "in_progress → closed": 1, "waiting → closed": 1,
    }  # fmt: skip


def test_rows_are_the_folds_of_their_entries_and_are_found(run: ImportRun) -> None:
    fields = ledgered(Incident)
    for incidents in (Incident.objects.order_by("id")[:300], Incident.objects.order_by("-version")[:100]):
        chosen = {incident.number: incident for incident in incidents.select_related("requester", "team", "assignee")}
        folded: dict[str, dict[str, Any]] = defaultdict(dict)
        for entry in LedgerEntry.objects.filter(number__in=chosen).order_by("version"):
            fold(entry.changes, folded[entry.number])
        for number, incident in chosen.items():
            known = {field.name: folded[number].get(field.name, blank(field)) for field in fields}
            assert {field.name: row_fact(incident, field) for field in fields} == known
    assert len(find_numbers("INC0000045", most=10)) == 1


def test_times_that_fall_are_kept_in_the_order_of_the_file(run: ImportRun, oracle: dict[str, Any]) -> None:
    rows = (
        LedgerEntry.objects.filter(kind="incident").order_by("number", "version").values_list("number", "happened_at")
    )
    falls = 0
    for _number, told in groupby(rows.iterator(), key=lambda row: row[0]):
        times = [at for _n, at in told]
        falls += sum(later < earlier for earlier, later in pairwise(times))
    assert falls == oracle["file_order_checks"]["sys_updated_at_decreases"] == 1


def test_clocks_count_over_the_past(run: ImportRun) -> None:
    # INC0000045: opened 01:16, first Resolved at 08:53, never waiting: 7 h 37 min of the 72 h for priority 3
    incident = Incident.objects.get(external_number="INC0000045")
    clock = ClockProjection.objects.get(number=incident.number, name="resolve")
    assert (clock.elapsed_seconds, clock.target_seconds, incident.resolve_met) == (27_420, 259_200, True)
    # INC0000047: responded when it was first Active at 05:30, 50 minutes after it opened at 04:40; the target is 4 h
    responded = Incident.objects.get(external_number="INC0000047")
    clock = ClockProjection.objects.get(number=responded.number, name="respond")
    assert (clock.elapsed_seconds, clock.met) == (3_000, True)


def test_each_incident_has_its_clocks(run: ImportRun) -> None:
    assert Counter(ClockProjection.objects.values_list("name", "state")) == {
        ("resolve", "stopped"): 24_918,
        ("respond", "stopped"): 24_918,
    }
