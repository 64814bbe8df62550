"""Categories: a tree that people keep, obeyed by incidents, and open to the words of other systems."""

from __future__ import annotations

from typing import Any

import pytest
from tests.makers import a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.jobs.worker import Worker
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.configuring.plan import apply_configuration, plan_of
from gnomon.records.configuring.reading import read_configuration
from gnomon.records.configuring.writing import configuration_text
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.resolution import categories
from gnomon.resolution.category_kind import category as CATEGORY
from gnomon.resolution.models import Category, Incident

pytestmark = pytest.mark.django_db
NEW = "/resolution/incidents/new"


def a_category(title: str, **facts: Any) -> Any:
    return actions.record(CATEGORY, by=SYSTEM, title=title, **facts)


# --- the tree ---------------------------------------------------------------------------------------


def test_a_tree_has_two_steps_and_titles_of_its_own():
    mail = a_category("Mail")
    quota = a_category("Quota", parent=mail)
    a_category("Quota", parent=a_category("Files"))
    for facts in (
        {"title": "Mail"},
        {"title": "Quota", "parent": mail},
        {"title": "Deep", "parent": quota},
        {"title": "x" * 121},
    ):
        with pytest.raises(InvalidFacts):
            a_category(**facts)
    with pytest.raises(InvalidFacts, match="has subcategories"):
        actions.change(mail, by=SYSTEM, parent=Category.objects.get(title="Files"))
    with pytest.raises(InvalidFacts, match="subcategories in use"):
        actions.move(mail, "retire", by=SYSTEM, because="Old.")
    actions.move(quota, "retire", by=SYSTEM, because="Old.")
    actions.move(mail, "retire", by=SYSTEM, because="Old.")
    a_category("Mail")  # the title is free again


def test_agents_choose_categories_and_do_not_make_them(bob, carol_browser, eve_browser):
    with pytest.raises(NotAllowed):
        actions.record(CATEGORY, by=bob, title="Mine")
    made = a_category("Mail")
    for browser in (carol_browser, eve_browser):
        assert browser.get("/resolution/categories/").status_code == 404
        assert browser.get(f"{made.get_absolute_url()}/merge").status_code in {403, 404}


# --- incidents ----------------------------------------------------------------------------------------


def test_the_form_offers_the_tree_in_the_language_of_its_reader_and_takes_other_words(bob, bob_browser):
    mail = a_category("Mail", title_zh="邮件")
    a_category("Quota", title_zh="配额", parent=mail)
    actions.move(a_category("Telex"), "retire", by=SYSTEM, because="Old.")
    bob_browser.cookies["django_language"] = "en"
    page = bob_browser.get(NEW).content.decode()
    assert '<option value="Mail">Mail</option>' in page
    assert '<option value="Quota">Mail / Quota</option>' in page
    assert "Telex" not in page
    bob_browser.post(NEW, {"title": "Full", "channel": "phone", "category": "邮件", "subcategory": "quota"})
    bob_browser.post(NEW, {"title": "Odd", "channel": "phone", "category": "Tape drive"})
    kept = dict(Incident.objects.values_list("title", "category"))
    assert kept == {"Full": "Mail", "Odd": "Tape drive"}
    assert Incident.objects.get(title="Full").subcategory == "Quota"


def test_people_read_it_in_their_language(bob_browser, bob):
    a_category("Mail", title_zh="邮件")
    an_incident(category="Mail")
    actions.change(bob, by=SYSTEM, language="zh-hans")
    page = bob_browser.get("/resolution/incidents/", {"columns": "category"})
    assert page.context["rows"][0].cells[-1] == "邮件"


def test_a_new_incident_gets_the_usual_service_and_team_where_it_has_none():
    service, own, desk, second = a_service("Mail"), a_service("Own"), a_team("Desk"), a_team("Second line")
    mail = a_category("Mail", service=service, team=desk)
    a_category("Quota", parent=mail, team=second)
    born = an_incident(category="Mail", subcategory="Quota")
    assert (born.service, born.team) == (service, second)  # the nearest that has one decides
    given = an_incident(category="Mail", service=own, team=desk)
    assert (given.service, given.team) == (own, desk)
    later = an_incident()
    actions.change(later, by=SYSTEM, category="Mail")
    assert (later.service, later.team) == (None, None)  # who works on it knows better


def test_the_tree_costs_a_record_nothing_when_it_says_nothing(django_assert_num_queries):
    an_incident("warm", category="x")
    with django_assert_num_queries(0):
        assert categories.in_words("Mail") == "Mail"


# --- two become one -----------------------------------------------------------------------------------


def test_two_categories_become_one_and_every_incident_says_why(olga, olga_browser, bob_browser):
    old, new = a_category("E-mail"), a_category("Mail")
    a_category("Quota", parent=new)
    first, second = an_incident("A", category="E-mail"), an_incident("B", category="Mail")
    place = f"{old.get_absolute_url()}/merge"
    page = olga_browser.get(place)
    assert (page.context["count"], [one.number for one in page.context["choices"]]) == (1, [new.number])
    assert bob_browser.post(place, {"into": new.number, "because": "x"}).status_code == 403
    for given in (
        {},
        {"into": new.number},
        {"into": old.number, "because": "x"},
        {"into": "CAT-999999", "because": "x"},
    ):
        assert olga_browser.post(place, given).status_code == 422
    assert olga_browser.post(place, {"into": new.number, "because": "One word for one thing."}).status_code == 302
    old.refresh_from_db()
    assert old.status == "retired"
    Worker().drain()
    first.refresh_from_db()
    assert first.category == "Mail"
    last = history(first)[-1]
    assert (last.changes, last.because, last.actor) == (
        {"category": ["E-mail", "Mail"]},
        "One word for one thing.",
        olga.number,
    )
    assert len(history(second)) == 1
    assert verify_ledger().whole


def test_a_subcategory_becomes_part_of_the_other_ones_category(monkeypatch):
    monkeypatch.setattr(categories, "AT_ONCE", 2)
    mail, files = a_category("Mail"), a_category("Files")
    quota, space = a_category("Quota", parent=mail), a_category("Space", parent=files)
    for n in range(5):
        an_incident(f"Case {n}", category="Mail", subcategory="Quota")
    other = an_incident("Other", category="Files", subcategory="Quota")
    categories.begin_merge(quota, space, by=SYSTEM, because="The same.")
    Worker().drain()
    other.refresh_from_db()
    assert (other.category, other.subcategory) == ("Files", "Quota")
    assert Incident.objects.filter(category="Files", subcategory="Space").count() == 5
    with pytest.raises(InvalidFacts, match="part of a category"):
        categories.check_merge(quota, mail)


def test_the_tree_travels_in_the_configuration_file():
    mail = a_category("Mail", title_zh="邮件")
    a_category("Other", parent=mail)
    a_category("Other", parent=a_category("Files"))
    text = configuration_text(SYSTEM)
    again = apply_configuration(read_configuration(text.encode()), by=SYSTEM)
    assert (again.faults, {step.what for step in again.steps}) == ([], {"same"})
    more = "gnomon_configuration: 1\ncategory:\n  - {title: Spam, parent: Mail}\n  - {title: Mail, title_zh: 邮箱}\n"
    plan = apply_configuration(read_configuration(more.encode()), by=SYSTEM)
    assert [step.what for step in plan.steps] == ["added", "changed"]
    assert Category.objects.get(title="Spam").parent == mail


def test_a_plan_that_was_only_tried_leaves_no_category_behind():
    a_category("Mail")
    read = read_configuration(b"gnomon_configuration: 1\ncategory:\n  - {title: Ghost}\n")
    assert plan_of(read, by=SYSTEM).counts["added"] == 1
    assert [value for value, _words in categories.offered()] == ["Mail"]
