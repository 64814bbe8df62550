"""What our scripts do, in a real browser; every address is answered in-process, so there is no server to wait for."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.safestring import SafeString
from playwright.sync_api import Browser, Page, Route
from tests.chromium import launched

from gnomon.ui.render import render, wanted
from gnomon.ui.samples import samples
from gnomon.ui.tables import Option

HOME = "http://gnomon.test"
NOW = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'"  # noqa: E501
KIND = {"title": "Sample", "plural": "Samples", "clause": "8.6.1"}

View = Callable[[HttpRequest], HttpResponse]


class Report(forms.Form):
    title = forms.CharField()
    description = forms.CharField(widget=forms.Textarea, required=False)


@dataclass
class Site:
    """A small site: addresses and what answers them."""

    views: dict[str, View]
    asked: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    # Half a megabyte of style is parsed only where looks matter.
    dressed: bool = False

    def answer(self, route: Route) -> None:
        request = route.request
        address = urlsplit(request.url)
        if address.path.startswith("/static/"):
            found = finders.find(address.path.removeprefix("/static/"))
            assert found, address.path
            if not self.dressed and address.path.startswith("/static/vendor/") and not found.endswith(".js"):
                route.fulfill(body=b"")
                return
            kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
            route.fulfill(body=Path(found).read_bytes(), content_type=kind)
            return
        self.asked.append(f"{request.method} {address.path}")
        headers = {name: value for name, value in request.headers.items() if name.startswith(("hx-", "if-"))}
        ask = RequestFactory().generic(
            request.method,
            request.url.removeprefix(HOME),
            data=request.post_data_buffer or b"",
            content_type=request.headers.get("content-type", ""),
            headers=headers,
        )
        got = self.views[address.path](ask)
        sent = {**got.headers, "Content-Security-Policy": POLICY}
        route.fulfill(status=got.status_code, headers=sent, body=got.content)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as running:
        yield running


@pytest.fixture
def site(own_templates: None) -> Site:
    return Site(
        {
            "/drafts": no_drafts,
            "/search/suggestions": no_suggestions,
            "/": a_list,
            "/samples/": a_list,
            "/new": a_form,
            "/record": a_record,
            "/resolve": a_move,
        }
    )


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=HOME, viewport={"width": 1280, "height": 800}, color_scheme="light")
    context.route("**/*", site.answer)
    opened = context.new_page()
    opened.clock.install(time=NOW)
    opened.on("pageerror", lambda error: site.troubles.append(str(error)))
    opened.on("console", lambda said: site.troubles.append(said.text) if "Content Security" in said.text else None)
    yield opened
    context.close()
    assert site.troubles == []


def a_list(request: HttpRequest, **more: Any) -> HttpResponse:
    if request.headers.get("If-None-Match") == '"1"' and not more:
        return HttpResponse(status=304)
    shown = samples(NOW) | {"kind": KIND, "live_url": "/samples/", "live_tag": '"1"', "new_url": "/new"} | more
    # Addresses that lead somewhere, so that opening a row can be seen.
    shown["rows"] = [replace(row, url="/record") for row in shown["rows"]]
    rows = render(request, "ui/_record_rows.html", **shown)
    if wanted(request) == "rows":
        return rows
    return render(request, "ui/record_list.html", **shown, rows_part=SafeString(rows.content.decode()))


def no_suggestions(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


def no_drafts(_request: HttpRequest) -> HttpResponse:
    """A server that keeps none: what is typed is safe in the browser alone."""
    return HttpResponse("{}", content_type="application/json")


def a_form(request: HttpRequest) -> HttpResponse:
    form = Report(request.POST or None)
    return render(request, "ui/record_form.html", kind=KIND, form=form, list_url="/samples/")


def a_record(request: HttpRequest) -> HttpResponse:
    shown = samples(NOW)
    return render(
        request,
        "ui/record_page.html",
        kind=KIND,
        record={"number": "SMP-000042", "title": "A sample"},
        list_url="/samples/",
        state=shown["statuses"][0],
        moves=[Option("resolve", "Resolve", "/resolve", key="r")],
    )


def a_move(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and request.POST.get("title"):
        return HttpResponse(status=204, headers={"HX-Redirect": "/samples/"})
    return render(
        request,
        "ui/record_move.html",
        partials={"dialog-body": "ui/_record_move.html"},
        status=422 if request.method == "POST" else 200,
        kind=KIND,
        record={"number": "SMP-000042", "title": "A sample"},
        move={"title": "Resolve"},
        form=Report(request.POST if request.method == "POST" else None),
        move_url="/resolve",
        cancel_url="/record",
        expect=3,
    )


def sign_in(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/bare.html")


def test_rows_are_walked_opened_and_chosen_by_keyboard(page: Page) -> None:
    page.goto("/samples/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr.here").get_attribute("id") == "row-SMP-000002"
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.locator("[data-selected]").inner_text() == "2 selected"
    assert page.locator("[data-all]").evaluate("box => box.indeterminate")
    page.keyboard.press("o")
    page.wait_for_url("**/record")


def test_keys_are_letters_while_somebody_types(page: Page) -> None:
    page.goto("/samples/")
    page.keyboard.press("/")
    page.keyboard.type("jog?")
    assert page.locator(".top-search input").input_value() == "jog?"
    assert page.locator("tr.here").count() == 0
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()


def test_one_key_after_g_goes_to_a_page_of_the_menu(page: Page, site: Site) -> None:
    site.views["/resolution/samples/"] = a_list
    page.goto("/record")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/resolution/samples/")


def test_another_persons_change_shows_and_takes_no_choice_away(page: Page, site: Site) -> None:
    page.goto("/samples/")
    page.locator("[name=number]").first.check()
    fresh = samples(NOW)["rows"]
    fresh[1] = replace(fresh[1], mark="changed", cells=["SMP-000002", "Solved meanwhile", *fresh[1].cells[2:]])

    def changed(request: HttpRequest) -> HttpResponse:
        if request.headers.get("If-None-Match") == '"2"':
            return HttpResponse(status=304)
        answer = a_list(request, rows=fresh)
        answer["ETag"] = '"2"'
        return answer

    site.views["/samples/"] = changed
    page.clock.run_for(2600)
    page.get_by_text("Solved meanwhile").wait_for()
    assert page.locator("tr.changed").count() == 1
    assert page.locator("[name=number]").first.is_checked()
    # The next question carries the mark, and nothing moves.
    page.evaluate("document.querySelector('tr.changed').dataset.same = 'yes'")
    with page.expect_response("**/samples/"):
        page.clock.run_for(2600)
    assert page.locator("tr[data-same]").count() == 1
    assert site.asked.count("GET /samples/") == 3


def test_a_server_that_is_away_is_told_and_forgiven(page: Page, site: Site) -> None:
    page.goto("/samples/")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('away')); }")
    for _ in range(3):
        page.clock.run_for(2600)
    assert page.locator("#offline").is_visible()


def test_clocks_count_on_between_refreshes(page: Page) -> None:
    page.goto("/samples/")
    # The first second tells when counting began, the second one counts.
    page.clock.run_for(2000)
    assert page.locator("#row-SMP-000001 [data-clock-words]").inner_text() == "2 h 9 min left"
    page.clock.fast_forward("02:10:00")
    page.clock.run_for(1000)
    assert page.locator("#row-SMP-000001 [data-clock-words]").inner_text().startswith("over by")


def type_a_report(page: Page) -> None:
    page.goto("/new")
    page.get_by_label("Title").fill("VPN drops")
    page.get_by_label("Description").fill("Every ten minutes.\n第二行")
    page.clock.run_for(500)


def test_what_was_typed_survives_a_reload_until_it_is_let_go(page: Page) -> None:
    type_a_report(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert page.get_by_label("Description").input_value() == "Every ten minutes.\n第二行"
    page.get_by_role("button", name="Discard the draft").click()
    assert page.get_by_label("Title").input_value() == ""
    page.reload()
    assert page.get_by_label("Title").input_value() == ""


def test_what_was_typed_survives_a_session_that_ended(page: Page, site: Site) -> None:
    type_a_report(page)
    site.views["/new"] = sign_in
    page.get_by_role("button", name="Save").click()
    page.locator("body.bare").wait_for()
    site.views["/new"] = a_form
    page.goto("/new")
    assert page.get_by_label("Title").input_value() == "VPN drops"
    assert page.get_by_text("A draft that you did not send was put back.").is_visible()


def test_what_was_sent_is_not_offered_again(page: Page, site: Site) -> None:
    type_a_report(page)
    site.views["/new"] = a_record
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="A sample").wait_for()
    site.views["/new"] = a_form
    page.goto("/new")
    assert page.get_by_label("Title").input_value() == ""


def test_drafts_of_one_person_are_not_shown_to_the_next(page: Page, site: Site) -> None:
    type_a_report(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/samples/")
    text = a_form(RequestFactory().get("/new")).content.decode().replace("PER-000002", "PER-000009")
    site.views["/new"] = lambda request: HttpResponse(text)
    page.goto("/new")
    assert page.get_by_label("Title").input_value() == ""


def test_a_move_opens_in_a_dialog_says_what_is_missing_and_leads_on(page: Page, site: Site) -> None:
    page.goto("/record")
    page.keyboard.press("r")
    dialog = page.locator("dialog[open]")
    dialog.wait_for()
    dialog.get_by_role("button", name="Resolve").click()
    dialog.get_by_text("Title: This field is required.").wait_for()
    dialog.get_by_label("Title").fill("Done")
    dialog.get_by_role("button", name="Resolve").click()
    page.wait_for_url("**/samples/")


def test_the_look_changes_at_once_and_is_kept(page: Page) -> None:
    page.goto("/samples/")
    light = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    page.get_by_title("Switch between light and dark").click()
    dark = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert light != dark
    kept = {cookie.get("name"): cookie.get("value") for cookie in page.context.cookies()}
    assert kept["theme"] == "dark"


@pytest.mark.parametrize("path", ["/samples/", "/record", "/new"])
def test_pages_fit_phones_and_walls(page: Page, site: Site, path: str) -> None:
    site.dressed = True
    page.goto(path)
    for width in (2560, 1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.get_by_role("button", name="Menu", exact=True).click()
    assert page.get_by_role("link", name="Samples").first.is_visible()
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input, select, summary')]
        .filter(e => e.checkVisibility() && !e.closest('p, .ref, svg'))
        .filter(e => !e.matches('.visually-hidden, .skip, .drop-input, label input'))
        .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 80)])
        .filter(([box]) => box.height && (box.height < 24 || box.width < 24)).map(([, html]) => html)"""
    )
    assert small == []
