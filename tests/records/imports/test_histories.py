"""What the rows of a log tell about a record: one entry a row, nothing known before its time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.records.imports.makers import EVENT_COLUMNS, a_life, an_event

from gnomon.integrations.presets import preset
from gnomon.records.actions.history import History
from gnomon.records.imports.cases import Case
from gnomon.records.imports.dates import written
from gnomon.records.imports.findings import Findings
from gnomon.records.imports.histories import Projector
from gnomon.records.imports.mappings import Mapping, mapping_of
from gnomon.records.imports.tables import Row
from gnomon.records.imports.targets import layout_of
from gnomon.records.imports.values import Named
from gnomon.records.kinds import kind_named

NOW = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp() * 1000)


def log_mapping() -> Mapping:
    from dataclasses import replace

    return replace(preset("servicenow"), shape="events", time_zone="UTC")


def told(
    rows: list[dict[str, str]], mapping: Mapping | None = None, columns: tuple[str, ...] = EVENT_COLUMNS
) -> tuple[History, Findings, Projector]:
    """The history that rows tell, with what was noticed."""
    kind, findings = kind_named("incident"), Findings()
    mapping = mapping or log_mapping()
    layout = layout_of(kind, kind.workflow, mapping, columns)
    projector = Projector(kind, kind.workflow, mapping, layout, columns, findings.add, NOW)
    lines = [Row(number, [row.get(column, "") for column in columns]) for number, row in enumerate(rows, 2)]
    return projector.history(Case("INC1", lines)) or History(), findings, projector


def facts(history: History, at: int) -> dict[str, Any]:
    return {name: pair[1] for name, pair in history.happenings[at].facts.items()}


def test_each_row_is_an_entry_at_the_time_it_happened() -> None:
    history, _findings, _projector = told(a_life())

    assert [(entry.verb, written(entry.at)) for entry in history.happenings] == [
        ("incident:recorded", "2016-02-29T01:23:00.000Z"),
        ("incident:start", "2016-02-29T08:53:00.000Z"),
        ("incident:resolve", "2016-02-29T11:29:00.000Z"),
        ("incident:close", "2016-03-05T12:00:00.000Z"),
    ]


def test_the_first_entry_tells_all_that_is_not_empty_and_later_ones_what_differs() -> None:
    history, _findings, _projector = told(a_life())

    first = facts(history, 0)
    assert first["status"] == "new"
    assert first["title"] == "Mail · Quota"
    assert first["requester"] == Named("person", "Caller 7", "requester")
    assert first["priority"] == 3
    assert first["opened_at"] == "2016-02-29T01:16:00.000Z"
    assert first["source_made_sla"] is True
    assert all(old is None for old, _new in history.happenings[0].facts.values())
    assert history.happenings[1].facts == {
        "status": ["new", "in_progress"],
        "assignee": [None, Named("person", "Resolver 3", "assignee")],
        "responded_at": [None, "2016-02-29T08:53:00.000Z"],
    }


def test_what_became_known_at_the_end_is_not_known_before() -> None:
    # the log repeats resolved_at, closed_at, closed_code and resolved_by on every row
    history, _findings, _projector = told(a_life())

    for early in (0, 1):
        assert not {"resolved_at", "closed_at", "closure_code"} & facts(history, early).keys()
    assert facts(history, 2)["resolved_at"] == "2016-02-29T11:29:00.000Z"
    assert facts(history, 2)["closure_code"] == "code 5"
    assert facts(history, 2)["source"] == {"resolved_by": "Resolved by 9"}
    assert "closed_at" not in facts(history, 2)
    assert facts(history, 3)["closed_at"] == "2016-03-05T12:00:00.000Z"


def test_a_reopened_incident_forgets_its_resolution_until_the_next() -> None:
    rows = [an_event("New"), an_event("Resolved"), an_event("Active"), an_event("Resolved")]

    history, _findings, _projector = told(rows)

    assert [entry.verb for entry in history.happenings] == [
        "incident:recorded", "incident:resolve", "incident:reopen", "incident:resolve",
    ]  # fmt: skip
    assert [facts(history, at).get("resolved_at", "-") for at in (1, 2, 3)] == [
        "2016-02-29T11:29:00.000Z", None, "2016-02-29T11:29:00.000Z",
    ]  # fmt: skip


def test_a_missing_resolution_time_stays_empty() -> None:
    history, findings, _projector = told([an_event("New"), an_event("Resolved", resolved_at="?")])

    assert "resolved_at" not in facts(history, 1)
    assert findings.errors == 0


def test_a_step_that_no_move_allows_is_kept_and_counted() -> None:
    history, _findings, projector = told([an_event("New"), an_event("Closed"), an_event("Active")])

    assert [entry.verb for entry in history.happenings] == ["incident:recorded", "incident:moved", "incident:reopen"]
    assert history.happenings[1].facts["status"] == ["new", "closed"]
    assert projector.deviations == {("new", "closed"): 1}


def test_waiting_has_its_reason_and_loses_it_afterwards() -> None:
    history, _findings, _projector = told([an_event("New"), an_event("Awaiting Vendor"), an_event("Active")])

    assert (facts(history, 1)["status"], facts(history, 1)["waiting_reason"]) == ("waiting", "supplier")
    assert (facts(history, 2)["status"], facts(history, 2)["waiting_reason"]) == ("in_progress", "")
    assert history.happenings[2].verb == "incident:resume"  # the move for this step, not the general one


def test_a_status_that_nobody_knows_leaves_the_status_and_is_kept_as_it_was() -> None:
    history, _findings, _projector = told([an_event("Active"), an_event("-100"), an_event("Active")])

    assert history.happenings[1].verb == "incident:changed"
    assert history.happenings[1].facts == {"source": [{}, {"incident_state": "-100"}]}
    assert history.happenings[2].facts == {"source": [{"incident_state": "-100"}, {}]}


def test_times_that_run_backwards_stay_as_they_are_and_the_file_keeps_its_order() -> None:
    rows = [
        an_event("New", "1/3/2016 10:00"),
        an_event("Active", "1/3/2016 09:00", sys_mod_count="9"),
        an_event("Resolved", "1/3/2016 11:00", sys_mod_count="2"),
    ]

    history, findings, _projector = told(rows)

    assert [written(entry.at)[11:16] for entry in history.happenings] == ["10:00", "09:00", "11:00"]
    assert [facts(history, at)["status"] for at in range(3)] == ["new", "in_progress", "resolved"]
    assert findings.errors == 0


def test_a_row_that_changes_nothing_is_still_an_entry() -> None:
    history, _findings, _projector = told([an_event("New"), an_event("New", "29/2/2016 02:00", sys_mod_count="1")])

    assert (history.happenings[1].verb, history.happenings[1].facts) == ("incident:changed", {})


@pytest.mark.django_db
def test_a_wrong_row_is_left_out_with_all_that_is_wrong_and_the_next_one_builds_on_the_last_good_one() -> None:
    rows = a_life()
    rows[1] |= {"priority": "urgent", "sys_updated_at": "29/2/2016 08:53", "impact": "huge"}

    history, findings, _projector = told(rows)

    assert [(f.row, f.column, f.says) for f in findings.kept] == [
        (3, "impact", "“huge” is no number."),
        (3, "priority", "“urgent” is no number."),
    ]
    assert [entry.verb for entry in history.happenings] == ["incident:recorded", "incident:resolve", "incident:close"]
    assert history.happenings[1].facts["status"] == ["new", "resolved"]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"sys_updated_at": "30/2/2016 10:00"}, "“30/2/2016 10:00” is no date of the form iso, %d/%m/%Y %H:%M"),
        ({"sys_updated_at": "?"}, "The row does not say when it happened."),
        ({"sys_updated_at": "1/1/2099 10:00"}, "The row would happen in the future: 2099-01-01T10:00:00.000Z."),
        ({"opened_at": "?"}, "“opened at” must be filled, and the row has nothing for it."),
        ({"priority": "9"}, "“9” does not fit: Value 9 is not a valid choice."),
    ],
)
def test_what_a_row_cannot_say_is_a_sentence(cells: dict[str, str], says: str) -> None:
    history, findings, _projector = told([{**an_event(), **cells}])

    assert history.happenings == []
    assert findings.kept[0].says.startswith(says)


# --- one row a record: its dates tell how it went along ---------------------------------------

EXPORT = (
    "number",
    "short_description",
    "state",
    "opened_at",
    "resolved_at",
    "closed_at",
    "sys_updated_on",
    "close_notes",
)


def exported(**cells: str) -> tuple[History, Findings, Projector]:
    from dataclasses import replace

    row = {
        "number": "INC7", "short_description": "Mail is slow", "state": "Closed", "opened_at": "2026-01-01 09:00:00",
        "resolved_at": "2026-01-01 11:00:00", "closed_at": "2026-01-04 11:00:00",
        "sys_updated_on": "2026-01-04 11:00:05", "close_notes": "Quota raised",
    }  # fmt: skip
    mapping = replace(preset("servicenow"), shape="records", time_zone="UTC")
    return told([{**row, **cells}], mapping, EXPORT)


def test_the_dates_of_a_closed_incident_tell_its_three_steps() -> None:
    history, _findings, _projector = exported()

    assert [(e.verb, written(e.at)[:16]) for e in history.happenings] == [
        ("incident:recorded", "2026-01-01T09:00"),
        ("incident:resolve", "2026-01-01T11:00"),
        ("incident:close", "2026-01-04T11:00"),
    ]
    assert "resolution" not in facts(history, 0)
    assert facts(history, 1)["resolution"] == "Quota raised"


def test_an_incident_in_work_got_there_when_it_was_last_touched() -> None:
    # resolved_at of an incident that was opened again speaks of a resolution that did not hold
    history, _findings, _projector = exported(state="In Progress", closed_at="")

    assert [(e.verb, written(e.at)[:16]) for e in history.happenings] == [
        ("incident:recorded", "2026-01-01T09:00"),
        ("incident:start", "2026-01-04T11:00"),
    ]
    assert "resolved_at" not in facts(history, 1)


@pytest.mark.parametrize(
    ("state", "status"), [("1", "new"), ("3", "waiting"), ("8", "cancelled"), ("On Hold", "waiting")]
)
def test_states_come_by_name_or_by_number(state: str, status: str) -> None:
    history, _findings, _projector = exported(state=state)

    assert history.happenings[-1].facts["status"][1] == status


def test_a_title_that_does_not_fit_is_refused_with_its_length() -> None:
    history, findings, _projector = exported(short_description="x" * 10_000)

    assert history.happenings == []
    assert findings.kept[0].column == "short_description"
    assert findings.kept[0].says.startswith("The text has 10000 characters, and 300 fit.")


def test_a_title_is_cut_only_when_the_mapping_says_so() -> None:
    mapping = mapping_of(
        {
            "kind": "incident",
            "fields": {"title": {"column": "short_description", "cut": True}, "opened_at": "opened_at"},
        }
    )

    history, findings, _projector = told(
        [{"short_description": "x" * 10_000, "opened_at": "2026-01-01"}], mapping, ("short_description", "opened_at")
    )

    assert facts(history, 0)["title"] == "x" * 299 + "…"
    assert findings.errors == 0
