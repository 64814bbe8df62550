"""Each night the ledger is verified; whoever keeps the system is told when it is not whole."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.makers import a_person

from gnomon.governance.models import LedgerVerification, Receipt, SigningKey
from gnomon.governance.notices.entries import tell_of
from gnomon.governance.sealing.registering import register_keys
from gnomon.governance.sealing.verifying import begin_nightly, verify
from gnomon.jobs.models import QueuedJob
from gnomon.organization.models import Person
from gnomon.organization.roles import EXTERNAL_AUDITOR, SMS_MANAGER
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.ledger.triggers import unguard
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.refusals import InvalidFacts


@pytest.fixture
def sven(db: None) -> Person:
    return a_person("Sven Sms", username="sven", roles=[SMS_MANAGER])


@pytest.fixture
def mail(db: None) -> Record:
    record = actions.record(SERVICE, by=SYSTEM, title="Mail")
    seal_ledger()
    return record


def damage(record: Record) -> None:
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portfolio_service SET title = 'Malice' WHERE number = %s", [record.number])


def test_a_whole_ledger_leaves_a_closed_verification(mail: Record) -> None:
    asked = begin_nightly()
    assert QueuedJob.objects.filter(name="governance:verify_ledger", facts={"number": asked.number}).exists()
    found = verify(asked.number)
    assert (found.status, found.faults) == ("whole", 0)
    assert found.entries >= 1
    assert verify(asked.number).version == found.version, "a second run changes nothing"


def test_a_broken_ledger_is_told_to_those_who_keep_the_system(mail: Record, sven: Person, bob: Person) -> None:
    damage(mail)
    found = verify(begin_nightly().number)
    assert (found.status, found.faults) == ("broken", 1)
    assert "Malice" in found.first_fault
    entry = LedgerEntry.objects.get(number=found.number, verb="ledger_verification:find_broken")
    tell_of(entry.sequence)
    assert list(Receipt.objects.values_list("person", flat=True)) == [sven.number]
    assert actions.move(found, "explain", by=sven, because="Restored").status == "explained"


def test_the_page_answers_the_question(mail: Record, sven: Person, bob: Person, client: Client) -> None:
    client.force_login(bob)
    assert client.get("/governance/ledger").status_code == 404
    client.force_login(sven)
    assert "It was not verified yet" in client.get("/governance/ledger").content.decode()
    verify(begin_nightly().number)
    page = client.get("/governance/ledger").content.decode()
    assert "Whole on" in page
    assert "Newest checkpoints" in page
    damage(mail)
    verify(begin_nightly().number)
    assert "Not whole on" in client.get("/governance/ledger").content.decode()


def test_an_external_auditor_reads_all_of_it_and_wants_nothing(mail: Record, client: Client) -> None:
    auditor = a_person("Ella External", username="ella", roles=[EXTERNAL_AUDITOR], access_until="2099-01-01")
    verify(begin_nightly().number)
    client.force_login(auditor)
    page = client.get("/governance/ledger").content.decode()
    assert "Whole on" in page
    assert "Verify now" not in page
    for kind in ("ledger_verification", "time_stamp", "signing_key"):
        assert client.get(f"/governance/{kind_named(kind).path}/").status_code == 200


def test_keys_are_recorded_once_and_by_nobody(mail: Record, sven: Person) -> None:
    (key,) = register_keys()
    assert register_keys() == []
    assert SigningKey.objects.get().key == key.key
    with pytest.raises(InvalidFacts, match="rotate-key"):
        actions.record(
            kind_named("signing_key"),
            by=sven,
            title="x",
            key="x",
            public="x",
            since=key.since,  # type: ignore[attr-defined]
        )


def test_people_may_ask_for_a_verification_now(mail: Record, sven: Person) -> None:
    asked = actions.record(kind_named("ledger_verification"), by=sven, files="all")
    assert verify(asked.number).status == "whole"
    assert LedgerVerification.objects.count() == 1
    assert Any
