"""Custom fields are set in the interface, and every change of them is in the ledger."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.organization.makers import a_field
from tests.resolution.makers import an_incident

from gnomon.organization.kinds import CUSTOM_FIELD
from gnomon.organization.models import CustomField
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.listing import Listing
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db
LIST = "/resolution/incidents/"


def found(person, **parameters):
    return [one.title for one in Listing(kind_named("incident"), person, parameters).ordered()]


def test_an_administrator_adds_a_field_by_hand_and_the_next_form_shows_it(olga_browser, bob_browser):
    given = {
        "title": "Asset tag", "title_zh": "资产标签", "of_kind": "incident", "type": "choice", "required": "on",
        "choices": "Laptop = 笔记本电脑\r\nPhone", "help": "As on the sticker", "position": "0",
    }  # fmt: skip
    answer = olga_browser.post("/organization/custom-fields/new", given)
    assert answer.status_code == 302
    made = CustomField.objects.get()
    assert (made.name, made.position, made.status) == ("asset_tag", 10, "in_use")
    assert made.choices == [{"value": "Laptop", "zh": "笔记本电脑"}, "Phone"]
    page = bob_browser.get(f"{LIST}new").content.decode()
    assert "As on the sticker" in page
    bob_browser.cookies["django_language"] = "zh-hans"
    bob_browser.post(f"{LIST}new", {"title": "Cold", "custom-asset_tag": "Laptop"})
    assert Incident.objects.get().custom == {"asset_tag": "Laptop"}


def test_only_those_who_answer_for_processes_set_fields(bob, dave):
    for person in (bob, dave):
        with pytest.raises(NotAllowed):
            actions.record(CUSTOM_FIELD, by=person, title="Room", of_kind="incident")


def test_every_change_is_in_the_ledger_with_before_and_after(olga):
    field = a_field("room")
    actions.change(field, by=olga, title="Office", required=True)
    actions.move(field, "retire", by=olga, because="Everybody works at home.")
    actions.move(field, "bring_back", by=olga)
    told = [entry.changes for entry in history(field)][1:]
    assert told == [
        {"title": ["Room", "Office"], "required": [False, True]},
        {"status": ["in_use", "retired"]},
        {"status": ["retired", "in_use"]},
    ]
    assert verify_ledger().as_json()["whole"]


def test_a_definition_altered_behind_our_back_is_noticed():
    a_field("room")
    CustomField.objects.update(required=True)
    verification = verify_ledger().as_json()
    assert not verification["whole"]
    assert verification["faults"][0]["number"] == "FLD-000001"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"of_kind": "ticket"}, "of_kind"), ({"of_kind": "custom_field"}, "of_kind"),
        ({"name": "Room"}, "name"), ({"name": "1st"}, "name"), ({"name": "a__b"}, "name"), ({"name": "contains"}, "name"),
        ({"type": "colour"}, "type"), ({"type": "choice"}, "choices"), ({"choices": ["a"]}, "choices"),
        ({"type": "choice", "choices": ["a", "a"]}, "choices"), ({"type": "choice", "choices": "a"}, "choices"),
        ({"type": "choice", "choices": [{"zh": "a"}]}, "choices"), ({"type": "choice", "choices": ["x" * 201]}, "choices"),
        ({"type": "choices", "choices": [""]}, "choices"), ({"type": "choice", "choices": [["a"]]}, "choices"),
        ({"title": "x\x00"}, "title"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_beside_its_field(facts, field):
    with pytest.raises(InvalidFacts) as refused:
        actions.record(CUSTOM_FIELD, by=SYSTEM, **{"title": "Room", "of_kind": "incident", **facts})
    assert field in refused.value.fields
    assert CustomField.objects.count() == 0


@pytest.mark.parametrize("facts", [{"name": "other"}, {"type": "number"}, {"of_kind": "service"}])
def test_name_type_and_kind_stay_for_ever(facts):
    with pytest.raises(InvalidFacts, match="never changes"):
        actions.change(a_field("room"), by=SYSTEM, **facts)


def test_names_follow_from_titles_and_are_free():
    names = [
        actions.record(CUSTOM_FIELD, by=SYSTEM, title=title, of_kind="incident").name
        for title in ("Serial no. (old)", "Serial no (old)", "机房", "机房 2", "In")
    ]
    # 机房 2 leaves “2”, which begins with no letter; “in” would be a look-up.
    assert names == ["serial_no_old", "serial_no_old_2", "field", "field_2", "field_3"]


def test_the_same_name_twice_is_refused_in_a_sentence():
    a_field("room")
    with pytest.raises(InvalidFacts, match="one meaning"):
        a_field("room")


# --- what records hold --------------------------------------------------------------------------


def test_each_type_is_kept_told_and_found_again(bob):
    a_field("note", "long_text")
    a_field("since", "moment")
    a_field("places", "choices", choices=[{"value": "hq", "zh": "总部"}, "lab"])
    a_field("buddy", "person")
    a_field("floor", "number")
    kept = {
        "note": "a\nb", "since": "2026-01-05T01:00:00.000Z", "places": ["hq", "lab"], "buddy": bob.number, "floor": 4,
    }  # fmt: skip
    an_incident("Full", by=bob, custom={**kept, "since": "2026-01-05T09:00:00+08:00"})
    an_incident("Empty", by=bob)
    assert Incident.objects.get(title="Full").custom == kept
    for parameters in (
        {"custom.places": ["lab"]}, {"custom.places": ["nowhere", "hq"]}, {"custom.floor": ["4"]},
        {"custom.floor.from": ["3"], "custom.floor.to": ["5"]}, {"custom.buddy": [bob.number]},
        {"custom.since.from": ["2026-01-05"]}, {"custom.note.is": ["filled"]},
    ):  # fmt: skip
        assert found(bob, **parameters) == ["Full"], parameters
    for parameters in ({"custom.note.is": ["empty"]}, {"custom.places": ["none"]}):
        assert found(bob, **parameters) == ["Empty"], parameters
    assert found(bob, **{"custom.floor.from": ["5"]}) == []


@pytest.mark.parametrize(
    "parameter", ["custom.nothing", "custom.room.from", "custom.room.x", "custom.", "custom.room.is.is", "custom.floor"]
)
def test_a_filter_that_makes_no_sense_is_named(bob_browser, parameter):
    a_field("room")
    a_field("floor", "number")
    answer = bob_browser.get(LIST, {parameter: "x"})
    assert answer.status_code == 400


def test_columns_filters_and_exports_show_the_fields(olga_browser):
    a_field("place", "choice", choices=[{"value": "hq", "zh": "总部"}, "lab"])
    an_incident("Here", custom={"place": "hq"})
    an_incident("There", custom={"place": "lab"})
    page = olga_browser.get(LIST, {"columns": ["number", "title", "custom.place"], "custom.place": "hq"})
    assert [row.cells[-1] for row in page.context["rows"]] == ["hq"]
    assert "custom.place" in page.context["filters"].fields
    assert [(chip.title, chip.value) for chip in page.context["chips"]] == [("Place", "hq")]
    file = olga_browser.get(f"{LIST}export.csv", {"columns": ["title", "custom.place"], "sort": "title"})
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0].endswith(",Place")
    assert [line.rpartition(",")[2] for line in text.splitlines()[1:]] == ["hq", "lab"]


def test_a_value_whose_choice_has_gone_stays_when_something_else_is_edited(bob_browser):
    field = a_field("place", "choice", choices=["hq", "lab"])
    a_field("since", "moment")
    incident = an_incident(custom={"place": "lab", "since": "2026-01-05T01:02:03.004Z"})
    actions.change(field, by=SYSTEM, choices=["hq"])
    form = bob_browser.get(f"{incident.get_absolute_url()}/edit").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"title": "Colder", "expect": 1}
    typed["custom-since"] = "2026-01-05T09:02"
    assert bob_browser.post(f"{incident.get_absolute_url()}/edit", typed).status_code == 302
    incident.refresh_from_db()
    assert incident.custom == {"place": "lab", "since": "2026-01-05T01:02:03.004Z"}
    assert incident.title == "Colder"


def test_a_list_asks_no_more_with_many_fields(bob_browser):
    def asked():
        bob_browser.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            bob_browser.get(LIST, {"columns": ["title", "custom.extra_1"]})
        return len(captured)

    an_incident()
    without = asked()
    for n in range(20):
        a_field(f"extra_{n}")
    for _n in range(5):
        an_incident(custom={f"extra_{n}": "x" for n in range(20)})
    assert asked() == without
