"""A ledger that was found broken makes every verdict unproven, and whoever looks at verdicts is told so aloud."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from tests.certification.conftest import Evidence, incidents
from tests.certification.test_pages import text_of, words_of
from tests.conftest import SignIn
from tests.makers import a_person
from typer.testing import CliRunner

from gnomon.certification.actions import run_checks
from gnomon.certification.catalogue import catalogue
from gnomon.certification.queries.board import Line
from gnomon.certification.verdicts import Reason, Status, Verdict
from gnomon.certification.views import board
from gnomon.governance.models import LedgerVerification
from gnomon.governance.sealing.verifying import begin_nightly, verify
from gnomon.organization.actions import make_token
from gnomon.organization.models import Person
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.project.command import application
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.ledger.triggers import unguard
from gnomon.standard.plugs import Finding

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.1")]
SAID = "so no verdict is proven"


@pytest.fixture
def broken(evidence: Evidence) -> LedgerVerification:
    """Checks were run; then somebody altered a record beside the ledger, and the night's verification found it."""
    evidence.says("8.6.1-e", Finding(incidents(1, 3)))
    mail = actions.record(SERVICE, by=SYSTEM, title="Mail")
    run_checks(by=SYSTEM)
    seal_ledger()
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portfolio_service SET title = 'Malice' WHERE number = %s", [mail.number])
    return verify(begin_nightly().number)


@pytest.mark.parametrize("address", ["/", "/certification/"])
def test_home_and_board_say_so_with_the_fault_and_what_to_do(
    broken: LedgerVerification, dave_browser: Client, address: str
) -> None:
    page = text_of(dave_browser, address)
    assert SAID in page
    assert 'role="alert"' in page
    assert "Malice" in page
    assert f'href="{broken.get_absolute_url()}"' in page
    assert "restore what was altered from a backup" in words_of(page)


def test_whoever_may_not_read_verifications_sees_it_on_the_board_without_the_fault(
    broken: LedgerVerification, alice: Person, alice_browser: Client, bob_browser: Client
) -> None:
    page = text_of(alice_browser, "/certification/")
    assert SAID in page
    assert "Malice" not in page
    assert broken.get_absolute_url() not in page
    assert SAID not in text_of(bob_browser, "/")


def test_a_broken_ledger_is_never_ready(
    broken: LedgerVerification, dave_browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Verdict(Status.CONFORMING, Reason.HELD)
    settled = [Line(requirement, held, seen=1, late=0, failed=0) for requirement in catalogue().requirements]
    monkeypatch.setattr(board, "lines_of", lambda _run: settled)
    words = words_of(text_of(dave_browser, "/certification/"))
    assert "Not ready, because" in words
    assert "the ledger is not whole" in words


def test_once_a_named_person_explained_it_the_banner_goes(
    broken: LedgerVerification, mona: Person, sign_in: SignIn
) -> None:
    browser = sign_in(mona)
    assert SAID in text_of(browser, "/")
    actions.move(broken, "explain", by=mona, because="Restored from the backup of Monday.")
    for address in ("/", "/certification/"):
        assert SAID not in text_of(browser, address)


def test_programs_and_the_command_line_hear_it_beside_the_verdicts(broken: LedgerVerification, dave: Person) -> None:
    _token, secret = make_token(dave, name="look", by=SYSTEM)
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    said = f"({broken.number})"

    told = program.get("/api/v1/conformity").json()
    ran = CliRunner().invoke(application(), ["conformity", "--json"])

    assert SAID in told["unproven"] and said in told["unproven"]
    assert SAID in ran.stderr and said in ran.stderr
    assert len(json.loads(ran.stdout)) == len(told["requirements"])
    actions.move(broken, "explain", by=SYSTEM, because="Restored.")
    assert program.get("/api/v1/conformity").json()["unproven"] == ""
    assert CliRunner().invoke(application(), ["conformity", "--json"]).stderr == ""


def test_it_is_said_in_chinese_too(broken: LedgerVerification) -> None:
    browser = Client()
    browser.force_login(a_person("李审", username="li", roles=["internal_auditor"], language="zh-hans"))
    assert "因此任何结论均未得到证明" in text_of(browser, "/certification/")
