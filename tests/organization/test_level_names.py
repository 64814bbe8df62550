"""An organisation calls priorities, impacts and urgencies as it likes; which levels there are stays."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.translation import override
from tests.resolution.makers import an_incident

from gnomon.agreements.models import EscalationPolicy
from gnomon.organization.kinds import LEVEL_NAME
from gnomon.organization.level_names import all_levels
from gnomon.organization.models import LevelName
from gnomon.records import actions
from gnomon.records.configuring.plan import apply_configuration
from gnomon.records.configuring.reading import read_configuration
from gnomon.records.configuring.writing import configuration_text
from gnomon.records.imports.values import _choice
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.records.search.across import search

pytestmark = pytest.mark.django_db
PAGE = "/organization/levels/"


def as_on_the_page(**typed):
    """What the page sends: every name as it is, but for those that were typed, as `priority_1_en`."""
    sent = {
        f"{named.scale}-{named.level}-{language}": name
        for levels in all_levels().values()
        for named in levels
        for language, name in named.now.items()
    }
    return sent | {name.replace("_", "-"): value for name, value in typed.items()}


@pytest.fixture
def outage(olga):
    """An incident of the first priority, which this house calls P1 · Standstill."""
    actions.record(LEVEL_NAME, by=olga, scale="priority", level=1, title="P1 · Standstill", title_zh="一级 · 停摆")
    return an_incident(impact=1, urgency=1)


def test_one_page_names_all_levels_and_each_change_is_in_the_ledger(olga, olga_browser):
    answer = olga_browser.post(PAGE, as_on_the_page(priority_1_en="P1", urgency_3_zh="不急", because="As people say."))
    assert answer.status_code == 302
    made = LevelName.objects.order_by("id")
    assert [(one.scale, one.level, one.title, one.title_zh) for one in made] == [
        ("priority", 1, "P1", "严重"), ("urgency", 3, "Low", "不急"),
    ]  # fmt: skip
    olga_browser.post(PAGE, as_on_the_page(priority_1_en="P1 now", because="Clearer."))
    told = list(history(made[0]))[-1]
    assert (told.changes, told.because, told.actor) == ({"title": ["P1", "P1 now"]}, "Clearer.", olga.number)
    assert verify_ledger().whole


def test_nothing_different_writes_nothing(olga_browser):
    olga_browser.post(PAGE, as_on_the_page())
    assert not LevelName.objects.exists()


def test_lists_pages_filters_forms_and_exports_say_the_name(outage, bob_browser):
    row = bob_browser.get("/resolution/incidents/").content.decode()
    assert "P1 · Standstill" in row
    assert "Critical" not in row, "neither in the row nor among the values of the filter"
    assert "P1 · Standstill" in bob_browser.get(outage.get_absolute_url()).content.decode()
    file = b"".join(bob_browser.get("/resolution/incidents/export.csv")).decode()
    assert "P1 · Standstill" in file
    bob_browser.cookies["django_language"] = "zh-hans"
    assert "一级 · 停摆" in bob_browser.get(outage.get_absolute_url()).content.decode()


def test_targets_policies_and_the_matrix_are_asked_by_the_name(outage, olga_browser):
    for address in (
        reverse("service_level_agreement-new"), reverse("escalation_policy-new"), reverse("priority_matrix-new"),
        reverse("major_incident_criteria-new"),
    ):  # fmt: skip
        assert "P1 · Standstill" in olga_browser.get(address).content.decode(), address
    policy = EscalationPolicy(priority_at_least=1)
    with override("zh-hans"):
        assert policy.get_priority_at_least_display() == "一级 · 停摆"


def test_search_and_imports_understand_the_name_in_either_language_and_the_usual_one(outage, bob):
    field = type(outage)._meta.get_field("priority")
    for word in ("standstill", "停摆", "critical"):
        groups = search(f"kind:incident priority:{word}", bob, exactly=True).groups
        assert [one.number for group in groups for one in group.records] == [outage.number], word
    for word in ("P1 · Standstill", "一级 · 停摆", "Critical"):
        assert _choice(field, word) == 1, word


def test_the_history_of_a_record_says_the_name_too(outage, bob, bob_browser):
    actions.change(outage, by=bob, impact=3)
    page = bob_browser.get(outage.get_absolute_url()).content.decode()
    assert "P1 · Standstill" in page


def test_emptied_names_are_the_usual_ones_again(outage, olga_browser):
    olga_browser.post(PAGE, as_on_the_page(priority_1_en="", priority_1_zh=" "))
    assert LevelName.objects.get().status == "set_aside"
    outage.refresh_from_db()
    assert outage.get_priority_display() == "Critical"
    olga_browser.post(PAGE, as_on_the_page(priority_1_en="P1"))
    assert LevelName.objects.get().status == "in_use"
    assert outage.get_priority_display() == "P1"


@pytest.mark.parametrize(
    ("facts", "field", "says"),
    [
        ({"scale": "priority", "level": 5}, "level", "no others can be added"),
        ({"scale": "gravity", "level": 1}, "scale", "no scale “gravity”"),
        ({"scale": "priority", "level": 1, "title": "hIGH"}, "title", "Another level is called “hIGH” already"),
        ({"scale": "priority", "level": 1, "title_zh": "低"}, "title_zh", "Another level is called “低” already"),
        ({"scale": "priority", "level": 1, "title": "P" * 41}, "title", "at most 40 characters"),
    ],
)
def test_levels_that_do_not_exist_and_names_that_confuse_are_refused(olga, facts, field, says):
    with pytest.raises(InvalidFacts) as refused:
        actions.record(LEVEL_NAME, by=olga, **({"title": "P9"} | facts))
    assert says in refused.value.fields[field]


def test_a_refused_name_is_told_and_what_was_typed_stays(olga_browser):
    answer = olga_browser.post(PAGE, as_on_the_page(priority_1_en="P1", priority_2_en="P1", impact_1_en="House"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Another level is called “P1” already." in page
    assert 'value="House"' in page
    assert not LevelName.objects.exists(), "all of them or none"


def test_those_who_only_work_by_them_read_the_page(bob, bob_browser, carol_browser):
    assert '<input class="form-control" name="priority' not in bob_browser.get(PAGE).content.decode()
    assert bob_browser.post(PAGE, as_on_the_page(priority_1_en="P1")).status_code == 403
    assert carol_browser.get(PAGE).status_code in (403, 404)
    with pytest.raises(NotAllowed):
        actions.record(LEVEL_NAME, by=bob, scale="priority", level=1, title="P1")


def test_names_travel_in_the_configuration_file(outage, olga):
    text = configuration_text(olga, ("level_name",))
    assert "P1 · Standstill" in text
    actions.move(LevelName.objects.get(), "set_aside", by=olga)
    apply_configuration(read_configuration(text.encode(), "ours.yaml"), by=olga)
    assert outage.get_priority_display() == "P1 · Standstill"
