"""The generic pages on sample values: what must be there for everybody, with or without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from gnomon.ui.render import render
from gnomon.ui.samples import samples
from gnomon.ui.samples.measure import PIXELS
from gnomon.ui.tables import Option
from gnomon.ui.timeline import FactGroup
from gnomon.ui.values import Who

NOW = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)
HOSTILE = '"><script>alert(1)</script>'
KIND = {"title": "Sample", "plural": "Samples", "clause": "8.6.1", "icon": "flame"}
RECORD = {"number": "SMP-000042", "title": HOSTILE, "version": 9}

Ask = Callable[..., HttpRequest]


class Move(forms.Form):
    resolution = forms.CharField(widget=forms.Textarea)


class Words(forms.Form):
    text = forms.CharField(widget=forms.Textarea)
    internal = forms.BooleanField(required=False)


class Page(HTMLParser):
    """What of a page the tests ask about."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str, **having: str) -> list[dict[str, str]]:
        return [got for name, got in self.tags if name == tag and all(got.get(k) == v for k, v in having.items())]


def list_page(ask: HttpRequest, **more: Any) -> str:
    context = samples(NOW) | {"kind": KIND, "new_url": "/new", "live_url": "/samples/", "live_tag": '"7"'} | more
    rows = SafeString(rows_part(ask, **more))
    return render(ask, "ui/record_list.html", **context, rows_part=rows).content.decode()


def rows_part(ask: HttpRequest, **more: Any) -> str:
    context = samples(NOW) | {"kind": KIND, "new_url": "/new"} | more
    return render(ask, "ui/_record_rows.html", **context).content.decode()


def record_page(ask: HttpRequest, **more: Any) -> str:
    shown = samples(NOW)
    context = {
        "kind": KIND,
        "record": RECORD,
        "list_url": "/samples/",
        "state": shown["statuses"][0],
        "moves": [Option("resolve", "Resolve", "/samples/SMP-000042/resolve")],
        "description": HOSTILE,
        "groups": [FactGroup("Facts", shown["values"])],
        "clocks": shown["stories"],
        "entries": shown["entries"],
        "comment_form": Words(auto_id="comment-%s"),
        "participants": [{"who": Who(HOSTILE), "role": HOSTILE}],
        "attachments": [{"name": HOSTILE, "size": 482_133, "url": "/f"}],
    } | more
    return render(ask, "ui/record_page.html", **context).content.decode()


def every_page(ask: HttpRequest) -> dict[str, str]:
    shown = samples(NOW)
    common = {"kind": KIND, "record": RECORD, "list_url": "/samples/", "cancel_url": "/samples/SMP-000042"}
    move = {"name": "resolve", "title": "Resolve", "because": True, "clause": "8.6.1 d"}
    several = {
        "form": ("ui/record_form.html", common | {"form": shown["wrong_form"], "expect": 9, "because": True}),
        "move": ("ui/record_move.html", common | {"move": move, "form": Move(), "expect": 9, "move_url": "/m"}),
        "conflict": (
            "ui/record_conflict.html",
            common | {"form": Move({"resolution": HOSTILE}), "entries": shown["entries"], "by": ["Mei"], "expect": 10},
        ),
        "import": ("ui/record_import.html", common | {"step": "upload", "form": shown["form"]}),
        "style": ("ui/style.html", shown),
    }
    drawn = {name: render(ask, template, **context).content.decode() for name, (template, context) in several.items()}
    return drawn | {"list": list_page(ask), "record": record_page(ask)}


@pytest.fixture(scope="module")
def chinese_words() -> None:
    from gnomon.project.translations import compile_all

    compile_all()


def test_every_page_has_its_marks_and_lets_nothing_hostile_through(asked: Ask) -> None:
    for name, html in every_page(asked()).items():
        page = Page(html)
        assert page.all("html", lang="en"), name
        assert len(page.all("h1")) == 1, name
        assert len(page.all("main", id="main")) == 1, name
        assert page.all("a", href="#main"), name
        assert all((got.get("src") or "").startswith("/static/") for got in page.all("script")), name
        assert "alert(1)</script>" not in html, name


def test_ids_are_never_given_twice_and_labels_lead_to_something(asked: Ask) -> None:
    pages = every_page(asked())
    # The style page shows the same form twice, once as it is and once when it is wrong.
    del pages["style"]
    for name, html in pages.items():
        page = Page(html)
        ids = [got["id"] for _, got in page.tags if "id" in got]
        assert sorted(set(ids)) == sorted(ids), name
        for label in page.all("label"):
            assert label.get("for", ids[0]) in ids, (name, label)
        for _, got in page.tags:
            for told in got.get("aria-describedby", "").split():
                assert told in ids, (name, told)


def test_forms_that_change_something_are_posts_with_a_token(asked: Ask) -> None:
    for name, html in every_page(asked()).items():
        for piece in html.split("<form")[1:]:
            form = piece.partition("</form>")[0]
            if 'method="post"' in form:
                assert "csrfmiddlewaretoken" in form, name


def test_a_list_works_without_script(asked: Ask) -> None:
    page = Page(list_page(asked("/samples/?q=%E7%BD%91&status=open")))
    assert [got["href"] for got in page.all("a", **{"class": "row-link"})] == ["#"] * 4
    assert len(page.all("input", name="number")) == 4
    assert [got["value"] for got in page.all("button", name="move")] == ["assign", "close"]
    assert page.all("form", action="/samples/", method="get")
    # Sorting keeps the filters.
    assert any("status=open" in got["href"] and "sort=number" in got["href"] for got in page.all("a"))


def test_a_sorted_column_says_so(asked: Ask) -> None:
    assert len(Page(list_page(asked())).all("th", **{"aria-sort": "ascending"})) == 1


def test_htmx_gets_only_the_rows(asked: Ask) -> None:
    html = rows_part(asked(**{"HX-Request": "true", "HX-Target": "rows"}))
    assert "<html" not in html
    assert 'id="rows-part" data-part' in html


def test_an_empty_list_says_what_to_do_next(asked: Ask) -> None:
    assert "No record fits all of these filters." in list_page(asked(), rows=[])
    fresh = list_page(asked(), rows=[], chips=[], search="")
    assert "No samples yet" in fresh
    assert Page(fresh).all("a", href="/new")


def test_moves_are_links_that_work_and_dialogs_when_they_can(asked: Ask) -> None:
    move = Page(record_page(asked())).all("a", href="/samples/SMP-000042/resolve")[0]
    assert (move["hx-get"], move["hx-target"]) == ("/samples/SMP-000042/resolve", "#dialog-body")


def test_the_live_part_of_a_record_leaves_the_comment_alone(asked: Ask) -> None:
    shown = samples(NOW)
    live = render_to_string("ui/_record_live.html", {"state": shown["statuses"][0], "entries": shown["entries"]})
    assert [got["id"] for _, got in Page(live).tags if "data-part" in got] == ["part-state", "part-story", "part-aside"]
    assert "<textarea" not in live


def test_a_deviation_and_a_late_telling_stand_on_the_timeline(asked: Ask) -> None:
    html = record_page(asked())
    assert "The workflow in force knows no such step." in html
    assert "entry-deviation" in html
    assert 'class="entry-told"' in html
    assert "entry-note" in html


def test_a_conflict_keeps_what_was_typed_and_carries_the_new_version(asked: Ask) -> None:
    page = every_page(asked())["conflict"]
    assert "&lt;script&gt;alert(1)" in page
    assert Page(page).all("input", name="expect", value="10")
    assert "Mei changed this record while you were writing." in page


@pytest.mark.parametrize("code", ["400", "403", "404", "500", "403_csrf"])
def test_error_pages_need_no_context_and_say_what_to_do_next(code: str, own_templates: None) -> None:
    html = render_to_string(f"{code}.html")
    page = Page(html)
    assert len(page.all("h1")) == 1
    assert page.all("p", **{"class": "lede"})
    assert len(page.all("a")) >= 2


def test_the_look_that_was_chosen_is_on_the_page(asked: Ask) -> None:
    ask = asked()
    ask.COOKIES["theme"] = "dark"
    ask.COOKIES["density"] = "compact"
    html = Page(list_page(ask)).all("html")[0]
    assert html["data-bs-theme"] == "dark"
    assert html["data-density"] == "compact"
    assert "data-bs-theme" not in Page(list_page(asked())).all("html")[0]


@pytest.mark.usefixtures("chinese_words")
def test_pages_speak_chinese(asked: Ask) -> None:
    with translation.override("zh-hans"):
        html = list_page(asked(), rows=[], chips=[], search="") + record_page(asked())
        frame = Page(html).all("html")[0]
    assert frame["lang"] == "zh-hans"
    for words in ("跳到正文", "搜索记录", "时间线", "以", "退出登录"):
        assert words in html
    for english in ("Skip to content", "Sign out", "Timeline", "Search records", "left<"):
        assert english not in html


def test_an_import_shows_its_findings_by_row_and_its_progress(asked: Ask) -> None:
    findings = [{"row": 17, "column": "opened_at", "tone": "danger", "sentence": HOSTILE}]
    html = render(
        asked(), "ui/record_import.html", kind=KIND, list_url="/l", step="findings", findings=findings, can_start=False
    ).content.decode()
    assert ">17</td>" in html
    assert "&lt;script&gt;" in html
    assert "disabled" in Page(html).all("button", name="step", value="findings")[0]

    job = {
        "done": 50,
        "total": 200,
        "failed": 1,
        "state": "running",
        "sentence": "Reading",
        "eta": timedelta(seconds=22),
    }
    html = render_to_string("ui/_import_progress.html", {"job": job, "progress_url": "/p", "list_after_url": "/l"})
    bar = Page(html).all("progress")[0]
    assert (bar["max"], bar["value"]) == ("200", "50")
    assert Page(html).all("div", **{"hx-get": "/p"})
    assert "22 s" in html
    done = render_to_string("ui/_import_progress.html", {"job": job | {"state": "done"}, "progress_url": "/p"})
    assert "hx-get" not in done


def test_the_steps_of_the_style_page_are_those_of_the_style_sheet():
    sheet = (Path(__file__).parents[2] / "src/gnomon/ui/static/ui/gnomon.css").read_text()
    rems = [float(text) for text in re.findall(r"--s[1-7]: (\.?\d+(?:\.\d+)?)rem", sheet)]
    assert [rem * 16 for rem in rems] == list(PIXELS)
