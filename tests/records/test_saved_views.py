"""A person's own way with a list: views under a name, what it opens with, columns and their order."""

from __future__ import annotations

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from tests.makers import a_person
from tests.resolution.makers import an_incident
from typer.testing import CliRunner

from gnomon.organization.actions import make_token
from gnomon.project.command import application
from gnomon.records.actions import views as actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry, SavedView
from gnomon.records.refusals import InvalidFacts

pytestmark = pytest.mark.django_db
LIST = "/resolution/incidents/"
VIEWS = f"{LIST}views"


def keep(browser, name, query="category=mail", **more):
    return browser.post(VIEWS, {"name": name, "query": query, **more})


def alter(browser, view, **sent):
    return browser.post(f"{VIEWS}/{view.pk}", sent, follow=True).content.decode()


def test_a_view_is_kept_under_its_name_and_marked_when_in_force(bob, alice_browser, bob_browser):
    save = f"{LIST}views"
    answer = bob_browser.post(save, {"name": " My mail ", "query": "category=mail&sort=title"})
    assert answer.url == f"{LIST}?category=mail&sort=title"
    tabs = {tab.title: tab for tab in bob_browser.get(answer.url).context["views"]}
    assert tabs["My mail"].active
    assert not tabs["All"].active
    assert "My mail" not in alice_browser.get(LIST).content.decode()

    bob_browser.post(save, {"name": "my mail", "query": "category=vpn", "shared": "on", "replace": "on"})
    tabs = {tab.title: tab for tab in alice_browser.get(f"{LIST}?category=vpn").context["views"]}
    assert tabs["my mail"].active


def test_shared_views_are_among_staff(bob_browser, alice_browser, carol_browser):
    save = f"{LIST}views"
    bob_browser.post(save, {"name": "Troublesome callers", "query": "q=again", "shared": "on"})
    carol_browser.post(save, {"name": "Look here, desk", "query": "q=mine", "shared": "on"})
    hers, staffs = (one.get(LIST) for one in (carol_browser, alice_browser))
    assert {"Mine", "Nobody's"} <= {tab.title for tab in staffs.context["views"]}
    assert {tab.title for tab in hers.context["views"]} == {"All", "Look here, desk"}  # nothing is assigned to her
    assert "Troublesome callers" not in hers.content.decode()
    assert "Look here, desk" in hers.content.decode()
    assert "Troublesome callers" in staffs.content.decode()
    assert "Look here, desk" not in staffs.content.decode()
    assert ('name="shared"' in hers.content.decode(), 'name="shared"' in staffs.content.decode()) == (False, True)


@pytest.mark.parametrize("name", ["", "   ", "a\x00b"])
def test_a_view_needs_a_name(bob_browser, name):
    assert bob_browser.post(f"{LIST}views", {"name": name, "query": ""}).status_code == 400


@pytest.mark.parametrize("query", ["a\r\nX-Evil: 1", "//evil.example/", "javascript:alert(1)", "q=%00", "x" * 9000])
def test_a_view_leads_nowhere_but_to_the_list(bob_browser, query):
    answer = bob_browser.post(f"{LIST}views", {"name": "Odd", "query": query})
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{LIST}?")
    assert "X-Evil" not in answer.headers
    assert bob_browser.get(LIST).status_code == 200


def test_the_same_name_again_replaces_only_when_asked(bob_browser):
    keep(bob_browser, "Mail")
    answer = keep(bob_browser, "mail", "category=vpn")
    assert (answer.status_code, "You already have a view" in answer.content.decode()) == (400, True)
    assert SavedView.objects.get().query == "category=mail"
    keep(bob_browser, "mail", "category=vpn&cursor=abc&record=INC-000001", replace="on")
    assert SavedView.objects.get().query == "category=vpn"


def test_a_view_is_renamed_shared_kept_back_and_dropped_by_its_owner(bob_browser, alice_browser):
    keep(bob_browser, "Mail")
    view = SavedView.objects.get()
    assert "is saved" in alter(bob_browser, view, name=" Mail  and VPN ", shared="on")
    view.refresh_from_db()
    assert (view.name, view.shared, view.query) == ("Mail and VPN", True, "category=mail")
    assert "Mail and VPN" in alice_browser.get(VIEWS).content.decode()
    alter(bob_browser, view, name="Mail and VPN")
    assert "Mail and VPN" not in alice_browser.get(VIEWS).content.decode()
    assert "is gone" in alter(bob_browser, view, delete="1")
    assert not SavedView.objects.exists()


def test_whose_view_it_is_not_neither_sees_nor_changes_it(
    bob_browser, carol_browser, eve_browser, dave_browser, sign_in
):
    keep(bob_browser, "Mine")
    keep(bob_browser, "Ours", "category=vpn", shared="on")
    mine, ours = SavedView.objects.order_by("name")
    lin = sign_in(a_person("Lin Hart", roles=["agent"]))
    for browser in (lin, carol_browser, eve_browser, dave_browser):
        assert browser.post(f"{VIEWS}/{mine.pk}", {"delete": "1"}).status_code in (403, 404)
        assert browser.post(f"{VIEWS}/{ours.pk}", {"delete": "1"}).status_code in (403, 404)
    assert SavedView.objects.count() == 2
    yuan = sign_in(a_person("Yuan", roles=["process_manager"]))  # keeps what is shared in order
    assert yuan.post(f"{VIEWS}/{mine.pk}", {"delete": "1"}).status_code == 404
    yuan.post(f"{VIEWS}/{ours.pk}", {"delete": "1"})
    assert list(SavedView.objects.all()) == [mine]


def test_what_is_shared_has_a_name_that_nobody_else_shares(bob_browser, alice_browser):
    keep(bob_browser, "Urgent", shared="on")
    answer = keep(alice_browser, "urgent", "category=vpn", shared="on")
    assert "already a shared view" in answer.content.decode()
    keep(alice_browser, "urgent", "category=vpn")  # for herself she may
    hers = SavedView.objects.get(name="urgent")
    assert "already a shared view" in alter(alice_browser, hers, name="urgent", shared="on")
    hers.refresh_from_db()
    assert not hers.shared


def test_two_who_share_one_name_in_the_same_instant_are_not_both_kept(bob, alice, monkeypatch):
    """Neither sees the other's view when they ask; the database keeps the rule."""
    kind = kind_named("incident")
    actions.save_view(kind, by=bob, name="Urgent", query="impact=1", shared=True)
    monkeypatch.setattr(QuerySet, "exists", lambda _query: False)
    with pytest.raises(InvalidFacts, match="There is already a view “urgent”"):
        actions.save_view(kind, by=alice, name="urgent", query="impact=1", shared=True)
    assert [view.person for view in SavedView.objects.all()] == [bob.number]
    actions.save_view(kind, by=alice, name="urgent", query="impact=1")


def test_twins_of_before_are_numbered_and_the_oldest_keeps_the_name(db):
    with connection.cursor() as cursor:  # the end of the test brings the rule back
        cursor.execute("DROP INDEX shared_views_of_a_kind_have_one_name_each")
    for person in ("PER-1", "PER-2", "PER-3"):
        SavedView.objects.create(kind="incident", name="Urgent", query="", person=person, shared=True)
    import_module("gnomon.records.migrations.0011_shared_views_have_one_name").number_twins(apps, None)
    names = list(SavedView.objects.order_by("pk").values_list("name", flat=True))
    assert names == ["Urgent", "Urgent (2)", "Urgent (3)"]


def test_a_list_opens_with_the_view_that_its_person_chose(bob_browser, alice_browser):
    keep(bob_browser, "Mail", opens="on")
    assert bob_browser.get(LIST).url == f"{LIST}?category=mail"
    assert alice_browser.get(LIST).status_code == 200
    assert bob_browser.get(f"{LIST}?view=all").status_code == 200
    bob_browser.post(f"{VIEWS}/opening", {"choice": "ready:mine"})
    assert "assignee=me" in bob_browser.get(LIST).url
    assert bob_browser.post(f"{VIEWS}/opening", {"choice": "view:99999"}).status_code == 404
    bob_browser.post(f"{VIEWS}/opening", {"choice": ""})
    assert bob_browser.get(LIST).status_code == 200


def test_a_view_that_is_gone_or_has_gone_stale_leaves_the_list_open(bob_browser):
    incident = an_incident(category="mail")
    keep(bob_browser, "Old", "category=mail&colour=red&sort=shape&cursor=zzz", opens="on")
    page = bob_browser.get(LIST, follow=True)
    shown = page.content.decode()
    assert incident.number in shown
    assert "There is no filter “colour”" in shown
    assert "cannot be sorted by “shape”" in shown
    SavedView.objects.all().delete()
    assert bob_browser.get(LIST).status_code == 200


def test_columns_are_remembered_in_their_order_for_one_person_and_kind(bob_browser, alice_browser):
    an_incident()
    sent = {"columns": ["title", "age", "number"], "place-title": "2", "place-age": "1", "query": "phase=unresolved"}
    assert bob_browser.post(f"{LIST}columns", sent).url == f"{LIST}?phase=unresolved"
    shown = [column.name for column in bob_browser.get(f"{LIST}?phase=unresolved").context["columns"]]
    assert shown == ["number", "age", "title"]
    assert [column.name for column in bob_browser.get(f"{LIST}?columns=title").context["columns"]] == [
        "number",
        "title",
    ]
    assert len(alice_browser.get(LIST).context["columns"]) > 3
    bob_browser.post(f"{LIST}columns", {"reset": "1"})
    assert len(bob_browser.get(LIST).context["columns"]) > 3


def test_columns_that_are_not_there_or_too_many_change_nothing(bob_browser, carol_browser):
    bob_browser.post(f"{LIST}columns", {"columns": ["password", "nonsense", "title", "title"]})
    assert [column.name for column in bob_browser.get(LIST).context["columns"]] == ["number", "title"]
    carol_browser.post(f"{LIST}columns", {"columns": ["title", "closed_by", "source"]})
    assert [column.name for column in carol_browser.get(LIST).context["columns"]] == ["number", "title"]
    everything = [column["name"] for column in bob_browser.get(LIST).context["all_columns"]]
    assert bob_browser.post(f"{LIST}columns", {"columns": everything, "query": ""}).status_code == 302
    assert bob_browser.get(f"{LIST}?view=all").status_code == 200


def test_views_and_columns_are_tastes_and_leave_no_entry(bob_browser):
    entries = LedgerEntry.objects.count()
    keep(bob_browser, "Mail", opens="on")
    bob_browser.post(f"{LIST}columns", {"columns": ["title"]})
    assert LedgerEntry.objects.count() == entries


# --- by REST and on the command line --------------------------------------------------------------


@pytest.fixture
def rest(bob):
    _token, secret = make_token(bob, name="views", by=SYSTEM)
    return Client(headers={"Authorization": f"Bearer {secret}"}), "/api/v1/incidents/views"


def sent(method, place, body):
    return method(place, json.dumps(body), content_type="application/json")


def test_views_by_rest(rest, bob, alice_browser):
    program, place = rest
    made = sent(program.post, place, {"name": "Mail", "query": "category=mail", "shared": True})
    assert (made.status_code, made.json()["owner"]) == (201, bob.number)
    again = sent(program.post, place, {"name": "mail", "query": "category=vpn"})
    assert (again.status_code, "already have a view" in again.content.decode()) == (422, True)
    key = made.json()["key"]
    changed = sent(program.patch, f"{place}/{key}", {"name": "Post", "shared": False}).json()
    assert (changed["name"], changed["shared"], changed["query"]) == ("Post", False, "category=mail")
    chosen = sent(program.put, f"{place.removesuffix('views')}opening", {"choice": f"view:{key}"})
    assert chosen.json() == {"opens_with": f"view:{key}"}
    told = program.get(place).json()
    assert (told["opens_with"], [view["name"] for view in told["views"]]) == (f"view:{key}", ["Post"])
    assert "ready:my_teams" in [view["choice"] for view in told["ready"]]
    assert sent(program.put, f"{place.removesuffix('views')}opening", {"choice": "view:0"}).status_code == 422
    assert program.delete(f"{place}/{key}").status_code == 204
    assert program.delete(f"{place}/{key}").status_code == program.delete(f"{place}/x").status_code == 404


def test_nobody_reaches_the_views_of_others_by_rest(bob_browser, carol, eve, alice):
    keep(bob_browser, "Ours", shared="on")
    view = SavedView.objects.get()
    for person, status in ((carol, 404), (eve, 404), (a_person("Lin Hart", roles=["agent"]), 403)):
        _token, secret = make_token(person, name="views", by=SYSTEM)
        program = Client(headers={"Authorization": f"Bearer {secret}"})
        assert program.delete(f"/api/v1/incidents/views/{view.pk}").status_code == status
    assert SavedView.objects.count() == 1


def gnomon(*words):
    return CliRunner().invoke(application(), ["view", *words, "--as", "bob"])


def test_views_on_the_command_line(bob, alice):
    assert "is saved" in gnomon("save", "incident", "Mail", "category=mail").output
    assert gnomon("save", "incident", "mail", "category=vpn").exit_code != 0
    assert "is saved" in gnomon("share", "incident", "MAIL").output
    assert SavedView.objects.get().shared
    assert "is saved" in gnomon("rename", "incident", "Mail", "Post").output
    assert "category=mail" in gnomon("list", "incident").output
    assert "is gone" in gnomon("delete", "incident", "post").output
    lost = gnomon("delete", "incident", "post")
    assert (lost.exit_code, "There is no view" in lost.output) == (2, True)
