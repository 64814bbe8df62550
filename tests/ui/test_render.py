from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from gnomon.ui.preferences import look, remember_look
from gnomon.ui.queries import changed_query, next_sort
from gnomon.ui.render import redirects_for_htmx, render

PARTIALS = {"progress": "ui/_progress.html"}


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/bare.html", partials=PARTIALS, done=3, total=9, label="Reading")


def test_a_browser_gets_the_whole_page(asked: Any) -> None:
    answer = page(asked())
    assert b"<!doctype html>" in answer.content
    assert answer.headers["Vary"] == "HX-Request, HX-Target"


def test_htmx_gets_the_part_it_will_fill(asked: Any) -> None:
    answer = page(asked(**{"HX-Request": "true", "HX-Target": "progress"}))
    assert b"<html" not in answer.content
    assert b'max="9" value="3"' in answer.content
    assert answer.headers["Vary"] == "HX-Request, HX-Target"


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Target": "progress"},
        {"HX-Request": "true", "HX-Target": "elsewhere"},
        {"HX-Request": "true", "HX-Target": "progress", "HX-Boosted": "true"},
        {"HX-Request": "true", "HX-Target": "progress", "HX-History-Restore-Request": "true"},
    ],
)
def test_whoever_cannot_place_a_part_gets_the_page(asked: Any, headers: dict[str, str]) -> None:
    assert b"<!doctype html>" in page(asked(**headers)).content


def test_a_page_may_answer_with_another_status(asked: Any) -> None:
    assert render(asked(), "ui/bare.html", status=409).status_code == 409


def test_a_redirect_leads_the_browser_and_not_the_fragment(asked: Any) -> None:
    def saved(request: HttpRequest) -> HttpResponse:
        answer = HttpResponseRedirect("/samples/SMP-000001")
        answer.set_cookie("messages", "kept")
        return answer

    led = redirects_for_htmx(saved)(asked(**{"HX-Request": "true", "HX-Target": "dialog-body"}))
    assert (led.status_code, led.headers["HX-Redirect"]) == (204, "/samples/SMP-000001")
    assert led.cookies["messages"].value == "kept"
    assert redirects_for_htmx(saved)(asked()).status_code == 302


def test_a_look_is_chosen_by_a_link_and_kept_in_a_cookie() -> None:
    ask = RequestFactory().get("/samples/?theme=dark&density=compact&q=a+b&theme=dark")
    answer = remember_look(lambda request: HttpResponse("page"))(ask)
    assert answer.headers["Location"] == "/samples/?q=a+b"
    assert answer.cookies["theme"].value == "dark"
    assert answer.cookies["density"]["samesite"] == "Lax"


@pytest.mark.parametrize("path", ["/samples/?theme=purple", "/samples/"])
def test_an_unknown_look_is_no_choice(path: str) -> None:
    answer = remember_look(lambda request: HttpResponse("page"))(RequestFactory().get(path))
    assert answer.content == b"page"
    assert not answer.cookies


def test_choosing_a_look_cannot_lead_to_another_host() -> None:
    ask = RequestFactory().get("/x", {"theme": "dark"})
    ask.path = "//evil.example/x"
    assert remember_look(lambda request: HttpResponse())(ask).headers["Location"] == "/"


def test_a_cookie_that_somebody_bent_counts_as_no_choice() -> None:
    ask = RequestFactory().get("/")
    ask.COOKIES = {"theme": '"><script>', "density": "compact"}
    assert look(ask) == {"theme": "auto", "density": "compact"}


def test_links_change_one_thing_of_the_address_and_keep_the_rest(asked: Any) -> None:
    present = asked("/samples/?q=网络&status=open&status=waiting&cursor=abc").GET
    assert changed_query(present, {"cursor": None, "sort": "-number"}) == (
        "?q=%E7%BD%91%E7%BB%9C&status=open&status=waiting&sort=-number"
    )
    assert changed_query(asked("/?a=1").GET, {"a": ""}) == "?"


def test_a_column_title_sorts_up_then_down_then_as_the_list_does() -> None:
    assert [next_sort(present, "title") for present in ("", "title", "-title", "number")] == [
        "title", "-title", "", "title",
    ]  # fmt: skip
