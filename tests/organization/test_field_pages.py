"""Custom fields on one page, put in order by hand; a change that records would feel is shown first."""

from __future__ import annotations

import pytest
from tests.organization.makers import a_field
from tests.resolution.makers import an_incident

from gnomon.organization.models import CustomField
from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = pytest.mark.django_db
PLACE = "/organization/fields/"


def typed(field, **more):
    names = ("title", "title_zh", "of_kind", "name", "type", "help", "help_zh", "position")
    given = {name: getattr(field, name) for name in names} | {"expect": field.version}
    return given | {"choices": "\n".join(field.choices)} | more


def test_a_field_goes_up_and_down_and_every_step_is_an_entry(olga_browser):
    for name in ("one", "two", "three"):
        a_field(name)
    olga_browser.post(PLACE, {"up": "FLD-000003", "kind": "incident"})
    assert list(CustomField.objects.order_by("position").values_list("name", flat=True)) == ["one", "three", "two"]
    olga_browser.post(PLACE, {"down": "FLD-000001", "kind": "incident"})
    olga_browser.post(PLACE, {"down": "FLD-000002", "kind": "incident"})  # it is the last already
    assert list(CustomField.objects.order_by("position").values_list("name", flat=True)) == ["three", "one", "two"]
    assert [one.position for one in CustomField.objects.order_by("position")] == [10, 20, 30]


def test_the_page_is_read_by_staff_and_changed_by_few(bob_browser, carol_browser, olga_browser):
    a_field("room")
    actions.move(a_field("old"), "retire", by=SYSTEM, because="Nobody fills it.")
    assert bob_browser.get(PLACE).status_code == 200
    assert bob_browser.post(PLACE, {"up": "FLD-000001"}).status_code == 403
    assert carol_browser.get(PLACE).status_code == 403
    assert olga_browser.post(PLACE, {"up": "FLD-999999"}).status_code == 404
    assert olga_browser.post(PLACE, {"up": "FLD-000002"}).status_code == 302
    page = olga_browser.get(PLACE).content.decode()
    assert page.count('name="up"') == 1


def test_who_makes_a_field_required_sees_first_how_many_records_lack_it(olga_browser):
    field = a_field("room")
    an_incident(custom={"room": "4.11"})
    an_incident()
    an_incident()
    place = f"{field.get_absolute_url()}/edit"
    page = olga_browser.post(place, typed(field, required="on"))
    assert page.status_code == 200
    assert "2 records: lack it" in page.content.decode()
    assert not CustomField.objects.get().required
    again = dict(page.context["sent"]) | {"sure": "1"}
    assert olga_browser.post(place, again).status_code == 302
    assert CustomField.objects.get().required


def test_who_drops_a_choice_sees_how_many_records_hold_it(olga_browser):
    field = a_field("place", "choices", choices=["hq", "lab"])
    an_incident(custom={"place": ["lab", "hq"]})
    place = f"{field.get_absolute_url()}/edit"
    page = olga_browser.post(place, typed(field, choices="hq"))
    assert "1 record: hold “lab”" in page.content.decode()
    assert olga_browser.post(place, typed(field, choices="hq\nlab\nroof")).status_code == 302
    assert CustomField.objects.get().choices == ["hq", "lab", "roof"]
