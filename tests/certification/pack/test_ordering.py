"""An order is a record; the worker makes it, and whatever goes wrong is said on it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from tests.certification.pack.conftest import TODAY, House

from gnomon.certification.actions import hand_out, make_pack, order_pack
from gnomon.certification.ledger_checks import check_packs
from gnomon.certification.models import AuditPack
from gnomon.certification.packing import folder, path_of
from gnomon.jobs.models import QueuedJob
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.ledger import seal as sealing
from gnomon.records.ledger.findings import Findings
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts, NotAllowed

pytestmark = pytest.mark.django_db
MONTH: dict[str, Any] = {"first_day": TODAY - timedelta(days=29), "last_day": TODAY, "clauses": ["8.6.1"]}


@pytest.mark.clause("9.2.2")
def test_an_order_is_made_by_the_worker_and_its_digest_stands_in_the_ledger(house: House, mona: Person) -> None:
    pack = order_pack(by=mona, **MONTH, for_whom="The certification body", sample_size=2)
    assert QueuedJob.objects.filter(name="certification:make_pack", facts={"number": pack.number}).count() == 1
    make_pack(pack)
    assert pack.status == "made"
    assert path_of(pack.digest).stat().st_size == pack.size
    entry = LedgerEntry.objects.get(number=pack.number, verb="audit_pack:make")
    assert entry.changes["digest"] == [None, pack.digest] or entry.changes["digest"] == ["", pack.digest]


def test_made_once_is_left_alone(house: House, mona: Person) -> None:
    pack = order_pack(by=mona, **MONTH)
    other = AuditPack.objects.get(pk=pack.pk)
    make_pack(pack)
    # another worker that had begun the same work ends after this one
    make_pack(other)
    assert LedgerEntry.objects.filter(number=pack.number, verb="audit_pack:make").count() == 1
    assert [file.name for file in folder().iterdir()] == [f"{pack.digest}.zip"]


def test_killed_in_the_middle_leaves_no_file(house: House, mona: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_order: Any, _basis: Any, file: BytesIO, _progress: Any) -> Any:
        file.write(b"PK half")
        raise KeyboardInterrupt

    pack = order_pack(by=mona, **MONTH)
    monkeypatch.setattr("gnomon.certification.actions.packs.make", killed)
    with pytest.raises(KeyboardInterrupt):
        make_pack(pack)
    monkeypatch.undo()
    assert list(folder().iterdir()) == []
    make_pack(AuditPack.objects.get(pk=pack.pk))
    assert AuditPack.objects.get(pk=pack.pk).status == "made"


def test_a_ledger_that_does_not_hold_is_said_on_the_order(house: House, mona: Person, monkeypatch: Any) -> None:
    pack = order_pack(by=mona, **MONTH)
    monkeypatch.setattr("gnomon.records.ledger.export.Tree.root", lambda _tree: b"\0" * 32)
    make_pack(pack)
    monkeypatch.undo()
    assert pack.status == "refused"
    refused = LedgerEntry.objects.get(number=pack.number, verb="audit_pack:refuse")
    assert refused.because.startswith("The tree does not fit its last checkpoint.")
    make_pack(actions.move(pack, "order_again", by=mona))  # type: ignore[arg-type]
    assert AuditPack.objects.get(pk=pack.pk).status == "made"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"last_day": TODAY + timedelta(days=2)}, "The period is not over yet."),
        ({"first_day": TODAY, "last_day": TODAY - timedelta(days=1)}, "The last day lies before the first."),
        ({"clauses": ["11"]}, "The standard has no clause 11"),
        ({"services": ["SVC-009999"]}, "There is no service SVC-009999"),
        ({"sample_size": 0}, "A sample has from 1 to 1000 records."),
        ({"known": [7]}, "There is no checkpoint of 7 entries."),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(mona: Person, facts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidFacts, match=sentence):
        order_pack(by=mona, **{**MONTH, **facts})


def test_the_next_pack_shows_that_the_ledger_of_the_last_was_kept(house: House, mona: Person) -> None:
    first = make_pack(order_pack(by=mona, **MONTH))
    second = make_pack(order_pack(by=mona, **MONTH))
    assert first.checkpoint in second.known


def test_only_those_take_a_pack_who_may_and_who_took_it_is_known(house: House, mona: Person, bob: Person) -> None:
    pack = make_pack(order_pack(by=mona, **MONTH))
    with pytest.raises(NotAllowed):
        hand_out(pack, by=bob)
    assert hand_out(pack, by=mona) == path_of(pack.digest)
    assert LedgerEntry.objects.filter(number=pack.number, verb="audit_pack:downloaded", actor=mona.number).exists()


def test_the_seal_that_an_order_waits_for_is_made(house: House, mona: Person) -> None:
    before = sealing.Checkpoint.objects.latest("size").size
    pack = make_pack(order_pack(by=mona, **MONTH))
    assert pack.checkpoint is not None
    assert pack.checkpoint > before


def test_eve_and_bob_learn_of_no_pack(house: House, mona: Person, bob_browser: Client, eve_browser: Client) -> None:
    pack = order_pack(by=mona, **MONTH)
    assert bob_browser.get(pack.get_absolute_url()).status_code == 404
    assert eve_browser.get(pack.get_absolute_url()).status_code == 404


def test_verification_names_a_pack_whose_file_was_bent(house: House, mona: Person) -> None:
    bent, gone, whole = (make_pack(order_pack(by=mona, **MONTH, seed=seed)) for seed in ("1", "2", "3"))
    path_of(bent.digest).write_bytes(b"PK another")
    path_of(gone.digest).unlink()
    findings = Findings()
    assert check_packs(findings) == 3
    assert [fault.number for fault in findings.ordered()] == [bent.number, gone.number]
    assert whole.number not in {fault.number for fault in findings.ordered()}
