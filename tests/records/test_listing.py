"""Lists: what is filtered, in which order, and that their pages together are the whole."""

from __future__ import annotations

import base64
import json
import random
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.makers import a_person, a_team
from tests.organization.makers import a_field
from tests.resolution.makers import a_service, an_incident

from gnomon.evaluation.kinds import measurement_result as RESULT
from gnomon.evaluation.models import MeasurementResult
from gnomon.organization.kinds import PERSON
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kinds
from gnomon.records.listing import MOST, Listing
from gnomon.records.narrowing import read_moment
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.kinds import incident as INCIDENT
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = datetime(2026, 3, 9, 1, tzinfo=UTC)


def listed(person=SYSTEM, kind=INCIDENT, **parameters):
    """Numbers of the list under these parameters, without their zeros."""
    found = Listing(
        kind, person, {k.replace("__", "."): v if isinstance(v, list) else [v] for k, v in parameters.items()}
    )
    return [int(number.rpartition("-")[2]) for number in found.ordered().values_list("number", flat=True)]


# --- filters --------------------------------------------------------------------------------------


@pytest.fixture
def six(bob):
    """INC-000001 to 6: opened a day apart, of priority 1 1 2 2 - -, the last two resolved."""
    mail, desk = a_service("Mail"), a_team("Desk")
    for n in range(6):
        level = {0: 1, 1: 1, 2: 1, 3: 1}.get(n)
        incident = an_incident(
            f"Case {n}", at=MONDAY + n * DAY, impact=level, urgency=level and (1 if n < 2 else 2),
            service=mail if n % 2 else None, team=desk if n == 3 else None, assignee=bob if n < 2 else None,
            category="mail" if n == 0 else "", is_major=n == 2,
        )  # fmt: skip
        if n >= 4:
            actions.move(incident, "resolve", by=SYSTEM, resolution="Done", closure_code="solved", at=MONDAY + n * DAY)


@pytest.mark.parametrize(
    ("parameters", "numbers"),
    [
        ({}, [6, 5, 4, 3, 2, 1]),
        ({"status": "resolved"}, [6, 5]),
        ({"status": ["new", "resolved"]}, [6, 5, 4, 3, 2, 1]),
        ({"phase": "unresolved"}, [4, 3, 2, 1]),
        ({"phase": ["resolved", "closed"]}, [6, 5]),
        ({"priority": ["1"]}, [2, 1]),
        ({"priority": ["1", "none"]}, [6, 5, 2, 1]),
        ({"priority__is": "empty"}, [6, 5]),
        ({"priority__from": "2"}, [4, 3]),
        ({"priority__to": "2"}, [2, 1]),
        ({"service": "SVC-000001"}, [6, 4, 2]),
        ({"service": "none"}, [5, 3, 1]),
        ({"service": "SVC-999999"}, []),
        ({"service__is": "filled"}, [6, 4, 2]),
        ({"category__is": "empty"}, [6, 5, 4, 3, 2]),
        ({"category": "mail"}, [1]),
        ({"is_major": "true"}, [3]),
        ({"is_major": "0", "phase": "open"}, [4, 2, 1]),
        ({"is_major": "none"}, []),
        ({"reopen_count__is": "empty"}, []),
        ({"source__is": "empty"}, [6, 5, 4, 3, 2, 1]),
        ({"opened_at__from": "2026-03-12"}, [6, 5, 4]),
        ({"opened_at__from": "2026-03-10T01:00:00Z", "opened_at__to": "2026-03-12T01:00:00Z"}, [3, 2]),
        ({"opened_at__to": "2026-03-10T09:00:00+08:00"}, [1]),
        ({"number": ["INC-000002", "INC-000005"]}, [5, 2]),
        ({"q": "case 3"}, [4]),
        ({"q": "!!!"}, []),
        ({"sort": "opened_at"}, [1, 2, 3, 4, 5, 6]),
        ({"sort": "number"}, [1, 2, 3, 4, 5, 6]),
        ({"sort": "-number"}, [6, 5, 4, 3, 2, 1]),
        ({"sort": "priority"}, [2, 1, 4, 3, 6, 5]),
        ({"sort": "-priority"}, [4, 3, 2, 1, 6, 5]),
        ({"status": "", "sort": ""}, [6, 5, 4, 3, 2, 1]),
        ({"columns": "title", "live": "1", "cursor": "x"}, [6, 5, 4, 3, 2, 1]),
    ],
)  # fmt: skip
def test_what_is_filtered_and_in_which_order(six, parameters, numbers):
    assert listed(**parameters) == numbers


def test_me_is_whoever_asks(six, bob, alice):
    assert listed(bob, assignee="me") == [2, 1]
    assert listed(bob, assignee=["me", "none"]) == [6, 5, 4, 3, 2, 1]
    assert listed(alice, assignee="me") == []


def test_a_listing_sees_what_its_person_may_see(bob, carol, eve):
    hers, _other = an_incident(by=carol), an_incident(by=bob)
    assert listed(carol) == [1]
    assert listed(bob) == [2, 1]
    assert listed(eve) == []
    assert Listing(INCIDENT, carol, {}).count() == 1
    assert listed(carol, number=["INC-000001", "INC-000002"]) == [1]
    assert hers.number == "INC-000001"


def test_words_are_sought_among_all_that_a_person_may_see_however_many_others_have_them(bob, carol):
    an_incident("Printer jams", by=carol)
    for _ in range(5):
        an_incident("Printer jams again", by=bob)
    assert listed(carol, q="printer") == [1]
    assert Listing(INCIDENT, bob, {"q": ["printer"]}).count() == 6


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"colour": "red"}, "colour"), ({"password": "x"}, "password"), ({"id": "1"}, "id"),
        ({"status__like": "x"}, "status.like"), ({"service__from": "x"}, "service.from"),
        ({"source": "x"}, "source"), ({"source__from": "x"}, "source.from"), ({"custom": "x"}, "custom"),
        ({"title__to": "x"}, "title.to"),
        ({"priority": "high"}, "priority"), ({"priority": str(2**63)}, "priority"),
        ({"priority": "9" * 5000}, "priority"),
        ({"opened_at__from": "soon"}, "opened_at.from"), ({"opened_at__from": "0001-01-01"}, "opened_at.from"),
        ({"opened_at__to": "9999-12-31T23:59:59-12:00"}, "opened_at.to"), ({"opened_at": "2026-02-30"}, "opened_at"),
        ({"is_major": "perhaps"}, "is_major"), ({"status__is": "red"}, "status.is"),
        ({"phase": "new"}, "phase"), ({"sort": "colour"}, "sort"), ({"sort": "source"}, "sort"),
        ({"sort": "description"}, "sort"), ({"sort": "password"}, "sort"), ({"sort": "--id"}, "sort"),
        ({"category": "a\x00b"}, "category"), ({"open_at": "0001-01-01"}, "open_at"),
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_named(parameters, field):
    with pytest.raises(InvalidFacts) as refused:
        listed(**parameters)
    assert set(refused.value.fields) == {field}
    assert refused.value.says.endswith(".")


def test_nobody_finds_out_a_password_by_filtering_or_sorting(bob):
    for name in ("password", "password.is", "last_login"):
        with pytest.raises(InvalidFacts):
            Listing(PERSON, bob, {name: ["empty"]})
    with pytest.raises(InvalidFacts):
        Listing(PERSON, bob, {"sort": ["password"]})


def test_flat_parameters_are_split_at_commas(six):
    flat = Listing.of(INCIDENT, SYSTEM, {"priority": "1,2", "sort": "number"})
    assert flat.numbers() == ["INC-000004", "INC-000003", "INC-000002", "INC-000001"]
    assert [record.number for record in flat.page().records] == ["INC-000001", "INC-000002", "INC-000003", "INC-000004"]


def test_a_date_means_its_first_instant_where_the_person_is():
    assert read_moment("2026-03-10") == datetime(2026, 3, 9, 16, tzinfo=UTC)  # Shanghai, eight hours ahead
    assert read_moment("2026-03-10T00:00:00 02:00") == datetime(2026, 3, 9, 22, tzinfo=UTC)  # a + that an address lost


# --- pages ----------------------------------------------------------------------------------------


def walk(kind, parameters, limit):
    """All records of a list, page by page."""
    numbers, cursor, pages = [], "", 0
    while True:
        page = Listing(kind, SYSTEM, parameters).page(cursor, limit)
        numbers += [record.number for record in page.records]
        pages += 1
        if not page.after:
            return numbers, pages
        cursor = page.after


@pytest.fixture
def forty(db):
    """Forty incidents with gaps and many equals, so that every field has something to stumble over."""
    chance = random.Random(4)
    services, teams = [a_service(f"S{n}") for n in range(3)], [a_team(f"T{n}") for n in range(2)]
    for n in range(40):
        level = chance.choice([None, 1, 2, 3])
        an_incident(
            chance.choice(["Same", "same", "Other", "打印机", "Ünï", f"Case {n}"]),
            at=MONDAY + chance.randrange(8) * timedelta(hours=6), impact=level, urgency=level,
            service=chance.choice([None, *services]), team=chance.choice([None, *teams]),
            category=chance.choice(["", "mail", "net"]), is_major=chance.random() < 0.3,
            escalated_at=chance.choice([None, MONDAY, MONDAY + DAY]), reopen_count=chance.randrange(3),
            source_made_sla=chance.choice([None, True, False]),
        )  # fmt: skip


SORTS = (
    "id", "number", "title", "status", "owner", "recorded_at", "version", "channel", "service", "team", "category",
    "impact", "priority", "opened_at", "escalated_at", "is_major", "reopen_count", "source_made_sla", "due_at",
    "resolve_met",
)  # fmt: skip


def test_pages_together_are_the_whole_list_in_its_order_for_every_field(forty):
    chance = random.Random(7)
    for name in SORTS:
        for sort in (name, f"-{name}"):
            whole = list(Listing(INCIDENT, SYSTEM, {"sort": [sort]}).ordered().values_list("number", flat=True))
            limit = chance.choice([1, 3, 7, 39, 40])
            numbers, pages = walk(INCIDENT, {"sort": [sort]}, limit)
            assert numbers == whole, (sort, limit)
            assert len(set(numbers)) == 40
            assert pages == -(-40 // limit)


def test_fields_of_every_sort_of_number_and_date_are_paged_too(db):
    requirement = actions.record(
        _kind("monitoring_requirement"), by=SYSTEM, title="MTTR", subject="service", measure="m"
    )
    values = [None, Decimal("0.1"), Decimal("2.5")]
    for n in range(9):
        actions.record(
            RESULT, by=SYSTEM, title=f"R{n}", requirement=requirement, value=values[n % 3], unit="hours",
            period_start=date(2026, 1, 1 + n // 3), period_end=date(2026, 2, 1 + n % 4),
        )  # fmt: skip
    for name in ("value", "period_end", "period_start"):
        for sort in (name, f"-{name}"):
            whole = list(Listing(RESULT, SYSTEM, {"sort": [sort]}).ordered().values_list("number", flat=True))
            assert walk(RESULT, {"sort": [sort]}, 2)[0] == whole
    assert MeasurementResult.objects.count() == 9


def test_what_is_recorded_while_somebody_reads_shifts_no_page(forty):
    first = Listing(INCIDENT, SYSTEM, {}).page(limit=10)
    an_incident("Meanwhile")
    second = Listing(INCIDENT, SYSTEM, {}).page(first.after, 10)
    assert [record.number for record in second.records] == [f"INC-{n:06d}" for n in range(30, 20, -1)]


def test_a_page_holds_at_least_one_record_and_at_most_five_hundred(forty):
    assert len(Listing(INCIDENT, SYSTEM, {}).page(limit=0).records) == 1
    assert len(Listing(INCIDENT, SYSTEM, {}).page(limit=-5).records) == 1
    assert len(Listing(INCIDENT, SYSTEM, {}).page(limit=10**9).records) == 40
    assert MOST == 500


def marker(body):
    return base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "é", "%%%", "====", marker(None), marker([]), marker([1]), marker([1, 2, 3]), marker({"a": 1}),
        marker([None, "x"]), marker([None, True]), marker([None, 2**64]), marker([None, 1.5]), marker([["a"], 1]),
        marker(["soon", 1]), marker([10**40, 1]), marker([{"a": 1}, 1]),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sort", ["opened_at", "-priority", "is_major"])
def test_a_page_marker_that_is_not_ours_is_refused(db, cursor, sort):
    with pytest.raises(InvalidFacts, match="This page marker is not ours"):
        Listing(INCIDENT, SYSTEM, {"sort": [sort]}).page(cursor)


NAMES = st.sampled_from(
    [*(f.name for f in Incident._meta.concrete_fields), "q", "phase", "number", "sort", "open_at", "nonsense", ""]
)
BOUNDS = st.sampled_from(["", ".from", ".to", ".is", ".x", "."])
VALUES = st.one_of(
    st.sampled_from(["", "none", "me", "empty", "1", "-1", "true", "2026-03-10", "1e400", "nan", "∞", "new"]),
    st.text(st.characters(exclude_categories=()), max_size=8),
    st.integers().map(str), st.datetimes().map(str), st.floats().map(str),
)  # fmt: skip


@given(name=NAMES, bound=BOUNDS, values=st.lists(VALUES, min_size=1, max_size=3), cursor=st.text(max_size=6))
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_parameter_breaks_a_list(db, name, bound, values, cursor):
    parameters = {f"{name}{bound}": values}
    says = refusal_of(INCIDENT, parameters)
    if not says:
        listing = Listing(INCIDENT, SYSTEM, parameters)
        assert listing.count() == len(listing.numbers())
        with pytest.raises(InvalidFacts) if cursor else nullcontext():
            listing.page(cursor)
    assert says == "" or says.endswith(".")


def refusal_of(kind, parameters):
    """The sentence of a list that is refused, or nothing when it is shown."""
    try:
        Listing(kind, SYSTEM, parameters).page()
    except InvalidFacts as refused:
        return refused.says
    return ""


def test_every_column_of_every_kind_can_be_filtered_and_sorted_or_says_why_not(db):
    for kind in kinds():
        for field in kind.model._meta.concrete_fields:
            for parameters in ({f"{field.name}.is": ["filled"]}, {field.name: ["none"]}, {"sort": [f"-{field.name}"]}):
                says = refusal_of(kind, parameters)
                assert says == "" or field.name in says


# --- the page -------------------------------------------------------------------------------------

LIST = "/resolution/incidents/"


def test_filters_offer_only_what_a_person_may_know_of(bob, carol, bob_browser, carol_browser):
    a_team("Fraud squad")
    an_incident(by=carol, service=a_service("Mail"))
    assert "Fraud squad" in bob_browser.get(LIST).content.decode()
    page = carol_browser.get(f"{LIST}?team=TEAM-000001").content.decode()
    assert "Fraud squad" not in page
    assert "Mail" in page


def test_a_filter_that_makes_no_sense_is_a_page_with_its_sentence(bob_browser):
    answer = bob_browser.get(f"{LIST}?colour=red")
    assert answer.status_code == 400
    assert "There is no filter “colour”" in answer.content.decode()


def test_a_list_that_a_person_can_never_see_anything_of_is_no_page(carol_browser, eve_browser):
    assert carol_browser.get("/organization/teams/").status_code == 404
    assert eve_browser.get("/portfolio/services/").status_code == 404


def test_filters_in_force_are_shown_with_the_way_to_take_them_away(bob_browser, bob):
    an_incident(assignee=bob)
    page = bob_browser.get(f"{LIST}?assignee=me&priority=1&opened_at.from=2020-03-01&q=mail&sort=title")
    chips = {chip.title: (chip.value, chip.remove) for chip in page.context["chips"]}
    assert chips["Assignee"] == ("Me", f"{LIST}?priority=1&opened_at.from=2020-03-01&q=mail&sort=title")
    assert chips["Priority"][0] == "Critical"
    assert chips["Opened at from"][0] == "1 Mar 2020, 00:00"
    assert chips["Words"][0] == "mail"
    assert "Sort" not in chips


def test_the_filters_show_what_is_in_force_so_that_choosing_one_keeps_the_others(bob_browser):
    page = bob_browser.get(f"{LIST}?phase=unresolved&priority=2&sort=title&category=mail")
    form = page.context["filters"]
    assert (form["phase"].value(), form["priority"].value(), form["status"].value()) == (["unresolved"], ["2"], [])
    shown = page.content.decode()
    assert 'name="phase" value="unresolved"' in shown
    assert '<input type="hidden" name="category" value="mail">' in shown  # has no control of its own
    assert '<input type="hidden" name="sort" value="title">' in shown


def test_secrets_are_no_columns(bob, bob_browser):
    a_person("Robin", username="robin", password="a long secret phrase")
    for columns in ("password", "last_login", "workflow_version", "id", "nonsense"):
        page = bob_browser.get(f"/organization/people/?columns=title&columns={columns}")
        assert [column.name for column in page.context["columns"]] == ["number", "title"]
        assert "md5$" not in page.content.decode()
    assert "password" not in [column["name"] for column in page.context["all_columns"]]


def test_chosen_columns_are_shown_in_the_order_asked(bob_browser):
    an_incident(category="mail")
    page = bob_browser.get(f"{LIST}?columns=category&columns=title")
    assert [column.name for column in page.context["columns"]] == ["number", "category", "title"]


def test_an_unchanged_list_costs_live_refresh_nothing_and_a_changed_one_is_sent(bob, bob_browser):
    an_incident()
    tag = bob_browser.get(LIST)["ETag"]
    ask = {"HX-Request": "true", "HX-Target": "rows", "If-None-Match": tag}
    assert bob_browser.get(LIST, headers=ask).status_code == 304
    incident = an_incident("A second one")
    fresh = bob_browser.get(LIST, headers=ask)
    assert fresh.status_code == 200
    assert incident.number in fresh.content.decode()
    assert "<html" not in fresh.content.decode()


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+00:00"])
@pytest.mark.parametrize("name", ["opened_at.from", "opened_at.to", "open_at", "recorded_at.from"])
def test_a_moment_at_the_end_of_the_calendar_is_refused(bob_browser, name, moment):
    assert bob_browser.get(LIST, {name: moment}).status_code == 400
    assert bob_browser.get(LIST, {"q": moment}).status_code == 200


def test_custom_fields_do_not_disturb_a_list(bob_browser):
    a_field("room", title_zh="房间")
    an_incident(custom={"room": "4.11"})
    assert bob_browser.get(LIST).status_code == 200


def _kind(name):
    from gnomon.records.kinds import kind_named

    return kind_named(name)


def test_what_somebody_just_named_can_be_filtered_by_at_once(bob_browser, settings):
    settings.DEFINITIONS_FRESH_FOR = 60.0
    a_team("Day desk")
    assert "Day desk" in bob_browser.get("/resolution/incidents/").content.decode()
    a_team("Night desk")
    assert "Night desk" in bob_browser.get("/resolution/incidents/").content.decode()
