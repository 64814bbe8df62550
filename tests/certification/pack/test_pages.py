"""Ordering a pack and taking it away, at every door, by those who may."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.certification.pack.conftest import TODAY, House
from tests.makers import a_person

from gnomon.certification.actions import make_pack, order_pack
from gnomon.certification.models import AuditPack
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.models import LedgerEntry

pytestmark = pytest.mark.django_db
MONTH = {"first_day": TODAY - timedelta(days=29), "last_day": TODAY}
NEW = "/certification/audit-packs/new"
LIST = "/certification/audit-packs/"


@pytest.fixture
def pack(house: House, mona: Person) -> AuditPack:
    return make_pack(order_pack(by=mona, **MONTH, clauses=["8.6.1"], sample_size=2))


@pytest.fixture
def xenia(db: None) -> Person:
    """Audits from outside, for a limited time."""
    return a_person("Xenia Roe", username="xenia", roles=["external_auditor"])


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.clause("9.2.2")
def test_a_pack_is_ordered_in_a_form(house: House, mona_browser: Client) -> None:
    assert mona_browser.get(NEW).status_code == 200
    days = {name: day.isoformat() for name, day in MONTH.items()}
    answer = mona_browser.post(NEW, {**days, "clauses": ["8.6"], "sample_size": 3, "seed": "april", "names": "on"})
    pack = AuditPack.objects.get()
    assert answer["Location"] == pack.get_absolute_url()
    assert (pack.clauses, pack.services, pack.seed, pack.names) == (["8.6"], [], "april", True)
    assert "The pack is being made" in mona_browser.get(pack.get_absolute_url()).content.decode()


def test_an_order_of_a_period_to_come_is_refused_beside_its_field(house: House, mona_browser: Client) -> None:
    coming = (TODAY + timedelta(days=3)).isoformat()
    answer = mona_browser.post(NEW, {"first_day": TODAY.isoformat(), "last_day": coming, "sample_size": 3})
    assert answer.status_code == 422
    assert "The period is not over yet. Choose a last day up to today." in answer.content.decode()
    assert not AuditPack.objects.exists()


def test_the_file_is_the_one_whose_digest_the_ledger_holds(pack: AuditPack, mona: Person, mona_browser: Client) -> None:
    answer = mona_browser.get(f"{pack.get_absolute_url()}/file")
    assert hashlib.sha256(content(answer)).hexdigest() == pack.digest
    assert answer["Content-Disposition"] == f'attachment; filename="{pack.file_name}"'
    assert LedgerEntry.objects.filter(number=pack.number, verb="audit_pack:downloaded", actor=mona.number).count() == 1


def test_an_external_auditor_takes_it_until_their_access_ends(pack: AuditPack, xenia: Person, sign_in: Any) -> None:
    browser, file = sign_in(xenia), f"{pack.get_absolute_url()}/file"
    assert browser.get(file).status_code == 200
    actions.change(xenia, by=a_person("Ada", roles=["administrator"]), access_until=TODAY - timedelta(days=2))
    assert browser.get(file).status_code in {302, 403}


def test_those_who_only_read_conformity_learn_of_it_and_do_not_take_it(pack: AuditPack, alice_browser: Client) -> None:
    page = alice_browser.get(pack.get_absolute_url())
    assert page.status_code == 200
    assert "/file" not in page.content.decode()
    assert alice_browser.get(f"{pack.get_absolute_url()}/file").status_code == 403
    assert alice_browser.get(NEW).status_code == 403


def test_others_learn_of_nothing(pack: AuditPack, bob_browser: Client, eve_browser: Client) -> None:
    for browser in (bob_browser, eve_browser):
        for place in (pack.get_absolute_url(), f"{pack.get_absolute_url()}/file", NEW, LIST):
            assert browser.get(place).status_code == 404, place


def test_a_withdrawn_pack_is_gone_and_its_digest_stays(
    pack: AuditPack, mona: Person, mona_browser: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        actions.move(pack, "withdraw", by=mona, because="The audit was called off.")
    assert mona_browser.get(f"{pack.get_absolute_url()}/file").status_code == 404
    assert AuditPack.objects.get(pk=pack.pk).digest


def test_the_page_counts_its_queries(pack: AuditPack, mona_browser: Client, django_assert_max_num_queries: Any) -> None:
    mona_browser.get(pack.get_absolute_url())
    with django_assert_max_num_queries(30):
        mona_browser.get(pack.get_absolute_url())
