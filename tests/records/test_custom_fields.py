"""Fields that administrators add: checked on every write, at every door."""

from __future__ import annotations

import pytest
from django.utils import translation
from tests.organization.makers import a_field
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db


def refusals(by=SYSTEM, **custom):
    with pytest.raises(InvalidFacts) as refused:
        an_incident(by=by, custom=custom)
    return refused.value.fields


def test_a_value_is_kept_in_its_own_type_and_told_in_the_ledger(bob):
    a_field("room")
    a_field("floor", "number")
    a_field("seen_on", "date")
    a_field("on_site", "boolean")
    a_field("colour", "choice", choices=["red", "green"])
    given = {"room": "4.11", "floor": "4", "seen_on": "2026-03-10", "on_site": "yes", "colour": "red"}
    incident = an_incident(by=bob, custom=given)
    kept = {"room": "4.11", "floor": 4, "seen_on": "2026-03-10", "on_site": True, "colour": "red"}
    assert Incident.objects.get(pk=incident.pk).custom == kept
    assert history(incident)[0].changes["custom"] == [None, kept]


@pytest.mark.parametrize(
    ("type", "good", "kept"),
    [
        ("number", 3, 3), ("number", "2.5", 2.5), ("number", -0.5, -0.5), ("number", "1e3", 1000),
        ("boolean", False, False), ("boolean", "off", False), ("boolean", 1, True),
        ("date", "2024-02-29", "2024-02-29"),
    ],
)  # fmt: skip
def test_what_fits_is_taken(type, good, kept):
    a_field("extra", type)
    assert an_incident(custom={"extra": good}).custom == {"extra": kept}


@pytest.mark.parametrize(
    ("type", "bad"),
    [
        ("number", "many"), ("number", "1e400"), ("number", "nan"), ("number", True), ("number", [1]),
        ("number", 10**400),
        ("boolean", "perhaps"), ("boolean", 2),
        ("date", "2026-02-29"), ("date", "soon"), ("date", 20260310),
        ("choice", "blue"), ("choice", ["red"]),
        ("text", 4), ("text", {"a": 1}), ("text", "\x00"), ("text", "\ud800"), ("text", "x" * 20_001),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_with_the_type(type, bad):
    a_field("extra", type, choices=["red", "green"] if type == "choice" else [])
    says = refusals(extra=bad)["custom.extra"]
    assert "does not fit “Extra”" in says
    assert len(says) < 160


@pytest.mark.parametrize("nonsense", [None, [], "room", 7])
def test_custom_fields_come_as_names_and_values(nonsense):
    with pytest.raises(InvalidFacts, match="come as names and values"):
        an_incident(custom=nonsense)


def test_an_unknown_name_is_refused_even_when_a_field_of_the_kind_has_it():
    assert refusals(title="x") == {"custom.title": "There is no custom field “title”."}


def test_a_field_of_another_kind_is_unknown_here():
    a_field("room", of_kind="service")
    assert refusals(room="x") == {"custom.room": "There is no custom field “room”."}


def test_a_required_field_is_missed_whether_or_not_the_others_are_given(bob):
    a_field("room", required=True)
    for custom in ({}, {"custom": {}}, {"custom": {"room": ""}}):
        with pytest.raises(InvalidFacts) as refused:
            an_incident(by=bob, **custom)
        assert refused.value.fields == {"custom.room": "“Room” must be filled."}
    incident = an_incident(by=bob, custom={"room": "4.11"})
    actions.change(incident, by=bob, category="mail")  # not spoken of, so not missed
    with pytest.raises(InvalidFacts):
        actions.change(incident, by=bob, custom={})


def test_what_the_system_records_by_itself_is_not_held_up_by_a_required_field():
    a_field("room", required=True)
    assert an_incident().custom == {}


def test_a_field_no_longer_in_use_is_not_asked_for_and_keeps_its_value(bob):
    room, _floor = a_field("room", required=True), a_field("floor", "number")
    incident = an_incident(by=bob, custom={"room": "4.11", "floor": 4})
    actions.move(room, "retire", by=SYSTEM, because="Nobody fills it.")
    actions.change(incident, by=bob, custom={"floor": 5})  # what an edit form sends: it shows only fields in use
    assert incident.custom == {"room": "4.11", "floor": 5}
    assert an_incident(by=bob, custom={}).custom == {}


def test_a_refusal_speaks_the_language_of_whoever_reads_it():
    a_field("room", required=True, title_zh="房间")
    with translation.override("zh-hans"), pytest.raises(InvalidFacts) as refused:
        an_incident(custom={})
    assert "房间" in refused.value.says


# --- at the doors ---------------------------------------------------------------------------------


def test_forms_show_the_fields_in_use_and_say_beside_each_what_is_wrong(bob_browser):
    a_field("room", required=True)
    actions.move(a_field("old"), "retire", by=SYSTEM, because="Nobody fills it.")
    page = bob_browser.get("/resolution/incidents/new").content.decode()
    assert 'name="custom-room"' in page
    assert 'name="custom-old"' not in page
    answer = bob_browser.post("/resolution/incidents/new", {"title": "Cold", "custom-room": ""})
    assert answer.status_code == 422
    assert "custom-room" in answer.context["form"].errors
    answer = bob_browser.post("/resolution/incidents/new", {"title": "Cold", "custom-room": "4.11"})
    assert Incident.objects.get().custom == {"room": "4.11"}
    assert "4.11" in bob_browser.get(answer.url).content.decode()


def test_a_form_keeps_what_no_form_shows(bob, bob_browser):
    room = a_field("room")
    incident = an_incident(custom={"room": "4.11"})
    actions.move(room, "retire", by=SYSTEM, because="Nobody fills it.")
    page = bob_browser.get(f"{incident.get_absolute_url()}/edit")
    typed = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    answer = bob_browser.post(f"{incident.get_absolute_url()}/edit", {**typed, "title": "Colder", "expect": 1})
    assert answer.status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.custom) == ("Colder", {"room": "4.11"})
