"""Import in the browser: file, columns, dry run, import. Everything works without scripts."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.conftest import SignIn
from tests.makers import a_person
from tests.records.imports.makers import a_life, an_event, write_rows

from gnomon.integrations import actions, uploads
from gnomon.jobs.models import QueuedJob
from gnomon.jobs.worker import Worker
from gnomon.organization.models import Person
from gnomon.records.models import ImportMapping, ImportRun, LedgerEntry
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "imports"
    place.mkdir()
    monkeypatch.setattr(uploads, "folder", lambda: place)


@pytest.fixture
def pia() -> Person:
    """Manages the process: she may import incidents."""
    return a_person("Pia Grant", username="pia", roles=["process_manager"])


@pytest.fixture
def pia_browser(pia: Person, sign_in: SignIn) -> Client:
    return sign_in(pia)


class _Form(HTMLParser):
    """What a browser would send: the values of the first form with columns as the page shows them."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") in {"text", "hidden", None}:
            self.values.setdefault(name, given.get("value", ""))
        if tag == "input" and given.get("type") == "checkbox" and "checked" in given:
            self.values[name] = "on"
        if tag == "select":
            self._select = name
            self.values.setdefault(name, "")
        if tag == "option" and self._select and "selected" in given:
            self.values[self._select] = given.get("value", "")
        if tag == "textarea":
            self._text = name
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._text = "" if tag == "textarea" else self._text

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data


def filled(browser: Client, address: str) -> dict[str, str]:
    """The columns form as it stands."""
    form = _Form()
    form.feed(browser.get(address).content.decode())
    form.values.pop("text", None)
    return {name: value.lstrip("\n") for name, value in form.values.items()}


def a_log(tmp_path: Path, *rows: dict[str, str]) -> SimpleUploadedFile:
    path = write_rows(tmp_path / "log.csv", rows or a_life("INC1"))
    return SimpleUploadedFile("log.csv", path.read_bytes())


def send(browser: Client, file: SimpleUploadedFile, **given: str) -> Any:
    usual = {"kind": "incident", "mapping": "servicenow", "time_zone": "UTC"}
    return browser.post("/integrations/import/", {"file": file, **usual, **given})


def test_a_file_becomes_incidents_in_four_steps(pia: Person, pia_browser: Client, tmp_path: Path) -> None:
    sent = send(pia_browser, a_log(tmp_path, *a_life("INC1"), an_event(number="INC2", priority="urgent")))
    run = ImportRun.objects.get()
    columns = f"/integrations/import/{run.pk}/columns"
    assert sent["Location"] == columns

    page = pia_browser.get(columns).content.decode()
    assert "Caller 7" in page
    assert "29/2/2016 01:16" in page

    tried = pia_browser.post(columns, {**filled(pia_browser, columns), "step": "try"}, follow=True)
    found = tried.content.decode()
    assert "Nothing has been saved yet." in found
    assert "“urgent” is no number." in found
    assert Incident.objects.count() == 0

    pia_browser.post(f"/integrations/import/{run.pk}/", {"step": "findings"})
    waiting = pia_browser.get(f"/integrations/import/{run.pk}/").content.decode()
    assert "Waiting for the worker" in waiting
    assert "Show where it stands now" in waiting  # for browsers without scripts
    assert Worker().drain() == 1

    done = pia_browser.get(f"/integrations/import/{run.pk}/").content.decode()
    assert "Open the records" in done
    assert Incident.objects.get().external_number == "INC1"
    assert set(LedgerEntry.objects.filter(kind="incident").values_list("actor", flat=True)) == {pia.number}


def test_while_it_runs_the_page_asks_for_the_bar_alone(pia_browser: Client, tmp_path: Path) -> None:
    send(pia_browser, a_log(tmp_path))
    run = ImportRun.objects.get()
    ImportRun.objects.update(state="running", rows_read=2, rows_total=4)
    asked = {"HX-Request": "true", "HX-Target": "import-progress"}

    bar = pia_browser.get(f"/integrations/import/{run.pk}/", headers=asked)
    assert bar.content.decode().lstrip().startswith("<div hx-get=")
    assert "2 / 4" in bar.content.decode()

    ImportRun.objects.update(state="finished")
    ended = pia_browser.get(f"/integrations/import/{run.pk}/", headers=asked)
    assert ended["HX-Refresh"] == "true"


def test_columns_can_be_chosen_otherwise_and_kept_under_a_name(pia_browser: Client, tmp_path: Path) -> None:
    send(pia_browser, a_log(tmp_path))
    columns = f"/integrations/import/{ImportRun.objects.get().pk}/columns"
    given = filled(pia_browser, columns)
    given |= {"category-column": "subcategory", "service-fixed": "", "channel-values": "Phone = chat", "step": "save"}

    pia_browser.post(columns, {**given, "name": "ours"})

    table = ImportMapping.objects.get(name="ours").table
    assert table["fields"]["category"]["column"] == ["subcategory"]
    assert table["fields"]["channel"]["values"] == {"Phone": "chat"}
    # what was not touched stays as general as it was, for files with other names for it
    assert table["fields"]["assignee"]["column"] == ["assigned_to", "Assigned to"]
    assert table["key"] == ["number", "Number", "task.number"]


def test_the_mapping_can_be_written_as_text_and_a_fault_in_it_keeps_the_text(
    pia_browser: Client, tmp_path: Path
) -> None:
    send(pia_browser, a_log(tmp_path))
    run = ImportRun.objects.get()
    columns = f"/integrations/import/{run.pk}/columns"

    wrong = pia_browser.post(columns, {"step": "text", "text": "kind: incident\nfields: {titel: category}"})
    assert wrong.status_code == 422
    assert "has no field “titel”" in wrong.content.decode()
    assert "titel: category" in wrong.content.decode()

    pia_browser.post(columns, {"step": "text", "text": "kind: incident\nfields: {title: category}"})
    run.refresh_from_db()
    assert run.mapping["fields"] == {"title": {"column": ["category"]}}


def test_script_in_a_file_stays_text_on_every_page(pia_browser: Client, tmp_path: Path) -> None:
    script = "<script>alert(1)</script>"
    send(pia_browser, a_log(tmp_path, an_event(number=script, category=script, priority=script)))
    run = ImportRun.objects.get()
    columns = f"/integrations/import/{run.pk}/columns"

    pages = [
        pia_browser.get(columns),
        pia_browser.post(columns, {**filled(pia_browser, columns), "step": "try"}, follow=True),
    ]

    for page in pages:
        assert script not in page.content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 broken", "is a damaged .zip file. Fetch it again."),
        (b"\x1f\x8b broken", "is damaged after 0 unpacked bytes. Fetch it again."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(pia_browser: Client, content: bytes, says: str) -> None:
    for mapping in ("", "servicenow"):
        answer = send(pia_browser, SimpleUploadedFile("log.csv", content), mapping=mapping)

        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert ImportRun.objects.count() == 0


def test_a_file_that_nobody_has_tried_yet_stands_among_the_others(pia_browser: Client, tmp_path: Path) -> None:
    received = send(pia_browser, a_log(tmp_path))
    page = pia_browser.get("/integrations/import/")
    assert page.status_code == 200
    assert received.url.removesuffix("columns") in page.content.decode()


def test_a_large_file_is_tried_by_the_worker(
    pia_browser: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 10)
    send(pia_browser, a_log(tmp_path))
    run = ImportRun.objects.get()
    columns = f"/integrations/import/{run.pk}/columns"

    page = pia_browser.post(columns, {**filled(pia_browser, columns), "step": "try"}, follow=True)
    assert "Trying the rows; nothing is saved" in page.content.decode()
    Worker().drain()

    run.refresh_from_db()
    assert (run.state, run.counts["made"]) == ("tried", 1)


def test_a_refused_import_says_why_on_its_page(pia_browser: Client, tmp_path: Path) -> None:
    send(pia_browser, a_log(tmp_path, *a_life("INC1"), an_event(number="INC2", priority="urgent")))
    run = ImportRun.objects.get()
    columns = f"/integrations/import/{run.pk}/columns"
    pia_browser.post(columns, {**filled(pia_browser, columns), "step": "try"})

    pia_browser.post(f"/integrations/import/{run.pk}/", {"step": "findings", "strict": "on"})
    Worker().drain()

    page = pia_browser.get(f"/integrations/import/{run.pk}/").content.decode()
    assert "log.csv was not imported: 1 rows have errors" in page
    assert Incident.objects.count() == 0


def test_a_run_is_asked_for_once_however_often_somebody_clicks(pia_browser: Client, tmp_path: Path) -> None:
    send(pia_browser, a_log(tmp_path))
    run = ImportRun.objects.get()

    for _click in range(3):
        pia_browser.post(f"/integrations/import/{run.pk}/", {"step": "findings"})

    assert QueuedJob.objects.filter(name="integrations:import").count() == 1


def test_eve_and_bob_find_no_import(
    pia_browser: Client, eve_browser: Client, bob_browser: Client, tmp_path: Path
) -> None:
    send(pia_browser, a_log(tmp_path))
    run = ImportRun.objects.get()

    for browser in (eve_browser, bob_browser):
        assert browser.get("/integrations/import/").status_code == 403
        for address in (f"/integrations/import/{run.pk}/", f"/integrations/import/{run.pk}/columns"):
            assert browser.get(address).status_code == 404
            assert browser.post(address, {"step": "findings"}).status_code == 404


def test_somebody_who_lost_the_role_meanwhile_imports_nothing(pia: Person, pia_browser: Client, tmp_path: Path) -> None:
    send(pia_browser, a_log(tmp_path))
    run = ImportRun.objects.get()
    pia_browser.post(f"/integrations/import/{run.pk}/", {"step": "findings"})
    Person.objects.filter(pk=pia.pk).update(roles=["requester"])

    Worker().drain()

    run.refresh_from_db()
    assert (run.state, Incident.objects.count()) == ("refused", 0)
    assert "do not permit" in run.refusal


def test_nobody_without_sign_in_reaches_imports(nobody_browser: Client) -> None:
    assert nobody_browser.get("/integrations/import/").status_code in (302, 401, 403)
