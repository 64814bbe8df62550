"""The ledger by REST: read, proved, and shown only to those who may read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from gnomon.organization.actions import make_token
from gnomon.organization.kinds import TEAM
from gnomon.organization.models import AccessToken, Person
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger import verify_proof
from gnomon.records.ledger.merkle import verify_consistency
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.models import Checkpoint, LedgerEntry, Record

pytestmark = pytest.mark.django_db
API = "/api/v1/ledger"


def program(person: Person, scopes: list[str] | None = None) -> Client:
    """A program that acts as this person."""
    _token, secret = make_token(
        person, name=f"test {AccessToken.objects.count()}", by=SYSTEM, scopes=scopes or ["read"]
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def home(settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def daves(home: None, dave: Person) -> Client:
    return program(dave)


@pytest.fixture
def mail(daves: Client) -> Record:
    """Sealed twice: two records, then a change of one; a last entry waits."""
    record = actions.record(SERVICE, by=SYSTEM, title="Mail")
    actions.record(TEAM, by=SYSTEM, title="Messaging")
    seal_ledger()
    actions.change(record, by=SYSTEM, because="Grew", criticality=1)
    seal_ledger()
    actions.change(record, by=SYSTEM, because="Shrank", criticality=3)
    return record


def test_the_ledger_is_read_page_by_page_in_its_own_order(mail: Record, daves: Client) -> None:
    told: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = daves.get(f"{API}/entries", {"limit": 2, "cursor": cursor}).json()
        assert len(page["entries"]) <= 2
        told, cursor = told + page["entries"], page["next"]
    assert [each["sequence"] for each in told] == list(LedgerEntry.objects.values_list("sequence", flat=True))
    # the last one waits for its seal
    assert [each["position"] for each in told] == [*range(len(told) - 1), None]
    grew = next(each for each in told if each["because"] == "Grew")
    assert (grew["number"], grew["verb"], grew["facts"]["criticality"][1]) == (mail.number, "service:changed", 1)

    newest = daves.get(f"{API}/entries", {"order": "newest", "kind": "service", "number": mail.number.lower()})
    assert [each["version"] for each in newest.json()["entries"]] == [3, 2, 1]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"order": "sideways"}, "order"), ({"kind": "unicorn"}, "kind"), ({"cursor": "x"}, "cursor"),
        ({"limit": "0"}, "limit"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_a_sentence(mail: Record, daves: Client, asked: Any, field: str) -> None:
    answer = daves.get(f"{API}/entries", asked)
    assert answer.status_code == 422
    assert answer.json()["errors"][field].endswith(".")


def test_an_entry_is_proved_to_whoever_has_python(mail: Record, daves: Client, tmp_path: Any, capsys: Any) -> None:
    entry = LedgerEntry.objects.get(number=mail.number, version=2)
    first = Checkpoint.objects.order_by("size")[0].size
    answer = daves.get(f"{API}/entries/{entry.sequence}/proof", {"since": str(first)})
    file = tmp_path / "proof.json"
    file.write_bytes(answer.content)
    assert verify_proof.main([str(file), "--list"]) == 0
    says = capsys.readouterr().out
    assert f"{mail.number} #2" in says
    assert f"The first {first} of" in says  # the older checkpoint was kept

    waiting = LedgerEntry.objects.get(number=mail.number, version=3)
    refused = daves.get(f"{API}/entries/{waiting.sequence}/proof")
    assert refused.status_code == 409
    assert "is not sealed yet. Wait a minute, then try again." in refused.json()["detail"]
    assert daves.get(f"{API}/entries/{waiting.sequence + 99}/proof").status_code == 404
    assert daves.get(f"{API}/entries/x/proof").status_code == 404


def test_checkpoints_are_listed_and_one_is_proved_to_begin_with_the_other(mail: Record, daves: Client) -> None:
    page = daves.get(f"{API}/checkpoints", {"limit": 1}).json()
    (newer,) = page["checkpoints"]
    (older,) = daves.get(f"{API}/checkpoints", {"before": page["next"]}).json()["checkpoints"]
    assert older["size"] < newer["size"]
    told = daves.get(f"{API}/consistency", {"from": older["size"], "to": newer["size"]}).json()
    assert (told["older"], told["newer"]) == (older, newer)
    roots = [bytes.fromhex(each["root"]) for each in (older, newer)]
    path = [bytes.fromhex(step) for step in told["path"]]
    assert verify_consistency(older["size"], newer["size"], *roots, path)
    assert daves.get(f"{API}/consistency", {"from": older["size"]}).json() == told

    refused = daves.get(f"{API}/consistency", {"from": newer["size"], "to": older["size"]})
    assert refused.json()["errors"] == {"from": "“from” is the smaller of the two sizes."}
    unknown = daves.get(f"{API}/consistency", {"from": older["size"] + 1, "to": newer["size"] + 1})
    assert unknown.status_code == 422


PLACES = ("entries", "checkpoints", "consistency?from=1", "entries/1/proof")


@pytest.mark.parametrize("place", PLACES)
def test_who_may_not_read_verifications_learns_nothing(mail: Record, bob: Person, eve: Person, place: str) -> None:
    for person in (bob, eve):
        assert program(person).get(f"{API}/{place}").status_code == 404


def test_a_token_needs_the_scope(mail: Record, dave: Person) -> None:
    assert program(dave, scopes=["ledger_verification:read"]).get(f"{API}/checkpoints").status_code == 200
    for place in PLACES:
        assert program(dave, scopes=["incident:read"]).get(f"{API}/{place}").status_code == 403
