"""Samples at every door: pages, REST and command line draw, judge and draw again by the same actions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.api.conftest import Program
from tests.certification.conftest import Evidence, incidents
from tests.certification.test_pages import text_of, words_of
from tests.makers import a_person
from tests.resolution.makers import a_service, an_incident
from typer.testing import CliRunner

from gnomon.certification.actions import draw_sample, examine, run_checks
from gnomon.certification.models import ConformityRun, Sample
from gnomon.certification.samples import draw
from gnomon.organization.actions import make_token
from gnomon.organization.models import Person
from gnomon.project.command import application
from gnomon.records.actors import SYSTEM
from gnomon.standard.plugs import Finding

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.2")]
NEW = "/certification/samples/new?requirement=8.6.1-b"


@pytest.fixture
def run(evidence: Evidence) -> ConformityRun:
    mail, web = a_service("Mail"), a_service("Web")
    for n in range(1, 13):
        an_incident(f"Case {n}", service=web if n in (3, 6, 9) else mail)
    evidence.says("8.6.1-b", Finding(incidents(1, 12), late=incidents(2, 2), failed=incidents(1, 1)))
    return run_checks(by=SYSTEM)


def test_from_the_requirement_to_the_result(run: ConformityRun, dave_browser: Client) -> None:
    page = text_of(dave_browser, "/certification/requirements/8.6.1-b")
    assert "No sample was drawn for this requirement yet." in page
    link = re.search(r'href="(/certification/samples/new\?[^"]+of=1-seen)"', page)
    assert link is not None
    form = words_of(text_of(dave_browser, link[1].replace("&amp;", "&")))
    assert "The population is 12 records that RUN-000001 counted and froze." in form
    assert "Suggested: 9 of 12." in form

    answer = dave_browser.post(link[1].replace("&amp;", "&"), {"method": "random", "size": "2", "seed": "spring"})
    assert answer["Location"] == "/certification/samples/SMP-000001"
    sample = Sample.objects.get()
    assert (sample.rule, sample.drawn) == (1, draw(incidents(1, 12), "spring", 2))
    page = text_of(dave_browser, answer["Location"])
    assert "0 of 2 looked at" in words_of(page)
    assert sample.population_digest in page

    first, second = sample.drawn
    examined = "/certification/samples/SMP-000001/examine"
    refused = dave_browser.post(examined, {"record": first, "outcome": "nonconforming"})
    assert refused.status_code == 422
    assert "Say what you saw" in refused.content.decode()
    said = {"record": first, "outcome": "nonconforming", "because": "No <i>urgency</i>"}
    assert dave_browser.post(examined, said)["Location"].endswith("records?outcome=waiting")
    done = dave_browser.post(examined, {"record": second, "outcome": "conforming"})
    assert done["Location"] == "/certification/samples/SMP-000001"
    page = text_of(dave_browser, "/certification/samples/SMP-000001")
    assert "2 of 2 looked at" in words_of(page)
    listed = text_of(dave_browser, "/certification/samples/SMP-000001/records?outcome=nonconforming")
    assert "Does not conform: 1" in words_of(listed)
    assert f'href="/resolution/incidents/{first}"' in listed
    assert "No &lt;i&gt;urgency&lt;/i&gt;" in listed
    concluded = dave_browser.post(
        "/certification/samples/SMP-000001/conclude", {"conclusion": "One in two.", "expect": 3}
    )
    assert concluded.status_code == 302, concluded.content.decode()[-2000:]
    assert "1 does not conform" in words_of(text_of(dave_browser, "/certification/requirements/8.6.1-b"))


def test_every_number_of_a_sample_opens_a_list_of_just_so_many(
    run: ConformityRun, dave: Person, dave_browser: Client
) -> None:
    sample = draw_sample("8.6.1-b", by=dave, size=5)
    examine(sample, sample.drawn[0], "not_applicable", by=dave, because="A test")
    page = text_of(dave_browser, sample.get_absolute_url())
    figures = re.findall(r'class="figure" href="([^"]+)">(\d+)</a>', page)
    assert {figure for _url, figure in figures} == {"1", "4", "12", "5"}
    for url, figure in figures:
        listed = text_of(dave_browser, url)
        shown = listed.count('class="panel" id="record-') + listed.count('<td class="list-first"')
        assert shown == int(figure), url


def test_strata_and_named_records_by_the_form(run: ConformityRun, dave_browser: Client) -> None:
    asked = {"method": "stratified", "stratified_by": "service", "size": "4", "seed": "7"}
    page = text_of(dave_browser, dave_browser.post(NEW, asked)["Location"])
    assert "Mail: 3 of 9; Web: 1 of 3" in words_of(page)
    named = {"method": "judgement", "named": "INC-000004: Reopened twice\ninc-000005：隔夜"}
    answer = dave_browser.post(NEW, named)
    assert Sample.objects.latest("id").named == {"INC-000004": "Reopened twice", "INC-000005": "隔夜"}
    assert "Chosen because: Reopened twice" in words_of(text_of(dave_browser, f"{answer['Location']}/records"))
    wrong = dave_browser.post(NEW, {"method": "judgement", "named": "INC-000004"})
    assert (wrong.status_code, "is not a record with its reason" in wrong.content.decode()) == (422, True)
    few = dave_browser.post(NEW, {**asked, "size": "1"})
    assert (few.status_code, "There are 2 strata" in few.content.decode()) == (422, True)


def test_the_draw_is_repeated_before_everybodys_eyes(run: ConformityRun, dave: Person, alice_browser: Client) -> None:
    sample = draw_sample("8.6.1-b", by=dave, size=3)
    again = f"{sample.get_absolute_url()}/again"
    assert "The same 3 records were drawn." in text_of(alice_browser, again)
    Sample.objects.filter(pk=sample.pk).update(seed="bent")
    page = text_of(alice_browser, again)
    assert "This is not the sample that its seed gives." in page
    assert "The seed draws other records than these." in page


def test_before_anything_is_counted_pages_say_what_to_do(evidence: Evidence, dave_browser: Client) -> None:
    assert "There is nothing to draw from yet" in text_of(dave_browser, "/certification/samples/new")
    assert dave_browser.get(NEW).status_code == 404
    assert dave_browser.get("/certification/samples/").status_code == 200


@pytest.mark.parametrize("address", ["?requirement=8.6.1-zz", "?requirement=8.6.1-b&of=9-seen", "?requirement=8.6.1-b&of=x",
                                     "?requirement=8.6.1-b&run=RUN-000099", "?requirement=8.6.1-b&of=1-some"])  # fmt: skip
def test_addresses_that_name_no_count_do_not_exist(run: ConformityRun, dave_browser: Client, address: str) -> None:
    assert dave_browser.get(f"/certification/samples/new{address}").status_code == 404


def test_who_does_not_audit_reads_and_draws_nothing(
    run: ConformityRun, dave: Person, alice_browser: Client, bob_browser: Client, eve_browser: Client
) -> None:
    sample = draw_sample("8.6.1-b", by=dave, size=3)
    page = text_of(alice_browser, f"{sample.get_absolute_url()}/records")
    assert sample.drawn[0] in page
    assert "examine" not in page
    assert alice_browser.get(NEW).status_code == 403
    assert "Draw a sample" not in text_of(alice_browser, "/certification/requirements/8.6.1-b")
    body = {"record": sample.drawn[0], "outcome": "conforming"}
    assert alice_browser.post(f"{sample.get_absolute_url()}/examine", body).status_code == 403
    for browser in (bob_browser, eve_browser):
        for address in ("", "/records", "/again"):
            assert browser.get(f"{sample.get_absolute_url()}{address}").status_code == 404
        assert browser.post(f"{sample.get_absolute_url()}/examine", body).status_code == 404
    assert sample.drawn[0] and Sample.objects.get().examined_count == 0


def test_a_hundred_records_cost_no_more_questions_than_ten(
    evidence: Evidence, dave: Person, dave_browser: Client
) -> None:
    for n in range(1, 41):
        an_incident(f"Case {n}")
    evidence.says("8.6.1-b", Finding(incidents(1, 40)))
    run_checks(by=SYSTEM)

    def asked(size: int) -> int:
        sample = draw_sample("8.6.1-b", by=dave, size=size)
        dave_browser.get(f"{sample.get_absolute_url()}/records")
        with CaptureQueriesContext(connection) as captured:
            dave_browser.get(f"{sample.get_absolute_url()}/records")
        return len(captured)

    assert asked(40) == asked(4) <= 12


def test_in_chinese(run: ConformityRun, dave: Person, sign_in: Callable[[Person], Client]) -> None:
    sample = draw_sample("8.6.1-b", by=dave, size=3)
    browser = sign_in(a_person("李审", username="li", roles=["internal_auditor"], language="zh-hans"))
    assert "已查看 0 / 3" in text_of(browser, sample.get_absolute_url())
    assert "尚未查看" in text_of(browser, f"{sample.get_absolute_url()}/records")
    assert "建议：12 条中抽 9 条" in text_of(browser, NEW)
    assert "抽出的是同样的 3 条记录" in text_of(browser, f"{sample.get_absolute_url()}/again")


# --- REST ---------------------------------------------------------------------------------------


def program(person: Person, **facts: Any) -> Program:
    return Program(make_token(person, name=f"test {len(facts)}", by=SYSTEM, **facts)[1])


def test_rest_draws_judges_and_draws_again(run: ConformityRun, dave: Person, alice: Person) -> None:
    daves = program(dave)
    made = daves.post("samples", {"requirement": "8.6.1-b", "rule": 1, "size": 2, "seed": "spring"})
    assert made.status_code == 201, made.content
    number, drawn = made.json()["number"], draw(incidents(1, 12), "spring", 2)
    listed = daves.get(f"samples/{number}/records").json()
    assert [each["record"] for each in listed["records"]] == drawn
    judged = daves.post(f"samples/{number}/records", {"record": drawn[0], "outcome": "conforming"})
    assert (judged.status_code, judged.json()["found"]["conforming"]) == (201, 1)
    again = daves.get(f"samples/{number}/redraw").json()
    assert (again["same"], again["drawn"], again["population"]["count"]) == (True, drawn, 12)
    refused = daves.post(f"samples/{number}/records", {"record": drawn[1], "outcome": "nonconforming"})
    assert (refused.status_code, "Say what you saw" in refused.json()["detail"]) == (422, True)
    assert daves.post("samples", {"requirement": "8.6.1-b", "method": "stratified"}).status_code == 422
    assert program(alice).post("samples", {"requirement": "8.6.1-b"}).status_code == 403
    reading = program(dave, scopes=["sample:read"])
    assert reading.get(f"samples/{number}/redraw").status_code == 200
    assert reading.post(f"samples/{number}/records", {"record": drawn[1], "outcome": "conforming"}).status_code == 403


# --- command line -------------------------------------------------------------------------------


def said(*words: str, code: int = 0, **more: Any) -> str:
    ran = CliRunner().invoke(application(), ["sample", *words], **more)
    assert ran.exit_code == code, ran.output
    return str(ran.output)


def test_the_command_draws_judges_lists_and_draws_again(run: ConformityRun, dave: Person) -> None:
    drawn = draw(incidents(1, 12), "spring", 2)
    made = json.loads(
        said("draw", "8.6.1-b", "--rule", "1", "--size", "2", "--seed", "spring", "--as", "dave", "--json")
    )
    assert (made["number"], made["drawn"], made["population"]["count"]) == ("SMP-000001", drawn, 12)
    said("judge", "SMP-000001", drawn[0], "conforming", "--as", "dave")
    assert json.loads(said("show", "smp-000001", "--json"))["found"]["conforming"] == 1
    assert "1 conforming, 1 waiting" in said("list", "8.6.1-b")
    assert said("redraw", "SMP-000001") == "The same 2 records of 12 were drawn.\n"
    named = json.loads(said("draw", "8.6.1-b", "--method", "judgement", "--record", "INC-000004=Odd", "--json"))
    assert named["named"] == {"INC-000004": "Odd"}
    assert "There is no sample SMP-000009" in said("show", "SMP-000009", code=2)
    Sample.objects.filter(number="SMP-000001").update(seed="bent")
    assert "other records than these" in said("redraw", "SMP-000001", code=1)


def test_an_outsider_draws_from_a_list_without_a_database(tmp_path: Path) -> None:
    (tmp_path / "numbers.txt").write_text("\n".join(reversed(incidents(1, 12))))
    told = said("redraw", "--population", str(tmp_path / "numbers.txt"), "--seed", "spring", "--size", "2")
    assert told.split() == draw(incidents(1, 12), "spring", 2)
    piped = said("redraw", "--population", "-", "--seed", "spring", "--size", "2", "--json", input="INC-000001\n")
    assert json.loads(piped)["drawn"] == ["INC-000001"]
