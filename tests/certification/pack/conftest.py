"""A small house with everything that a pack can hold: samples, files, a revised document, a judgement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.certification.conftest import Evidence, incidents
from tests.makers import a_person
from tests.resolution.makers import a_service, an_incident

from gnomon.certification.actions import judge, run_checks
from gnomon.certification.pack.make import make
from gnomon.certification.pack.order import Basis, Made, Order
from gnomon.governance.kinds import document as DOCUMENT
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.models import Checkpoint
from gnomon.standard.plugs import Finding

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
MADE_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """What was recorded, and the state that packs are made from."""

    order: Order
    basis: Basis

    def pack(self, **changed: Any) -> tuple[bytes, Made]:
        """A pack of this house; keywords change the order."""
        file = BytesIO()
        made = make(replace(self.order, **changed), self.basis, file)
        return file.getvalue(), made


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    """A home of one's own, with keys and attachments."""
    settings.HOME = tmp_path / "home"
    (settings.HOME / "keys").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def house(home: Path, evidence: Evidence, mona: Person) -> House:
    """Twelve incidents, two of which deviate, one with a file; a policy in two editions; a judgement."""
    mail, web = a_service("Mail"), a_service("Web")
    made = [an_incident(f"Nothing arrives <{n}>", service=mail if n % 2 else web) for n in range(12)]
    actions.comment(made[0], "Since <b>nine</b> & still.", by=SYSTEM)
    for incident in made[:4]:
        actions.attach(incident, SimpleUploadedFile("log.txt", b"no route to host"), by=SYSTEM)
    actions.attach(made[1], SimpleUploadedFile("image.png", b"\x89PNG not really"), by=SYSTEM)
    _policy(mona)
    evidence.says("8.6.1-b", Finding(incidents(1, 12), late=incidents(2, 2), failed=incidents(1, 1)))
    evidence.says("8.6.1-e", Finding(incidents(1, 12)))
    evidence.says("8.6.1-d", Finding(()))
    evidence.says("5.2.1-a", Finding(["DOC-000001"]))
    judge("5.2.1-a", "conforming", by=mona, reason="Read and signed.")
    scope = ("5.2", "8.6.1")
    return sealed_house(
        Order(TODAY - timedelta(days=29), TODAY, "Asia/Shanghai", clauses=scope, seed="spring", sample_size=3)
    )


def sealed_house(order: Order) -> House:
    """The state now: a run as of the end of the period, sealed."""
    run = run_checks(min(order.period.end, datetime.now(UTC)), by=SYSTEM)
    seal_ledger()
    newest = Checkpoint.objects.latest("size")
    return House(order, Basis(run.number, newest.size, MADE_AT))


def _policy(author: Person) -> None:
    """Published, revised, and published again."""
    boss = a_person("Tom Peak", username="tom", roles=["top_management"])
    policy = actions.record(DOCUMENT, by=author, title="Service management policy", type="policy", text="We serve.")
    actions.move(policy, "publish", by=author, approved_by=boss, edition="1")
    actions.move(policy, "revise", by=author, because="A year has passed.", text="We serve & measure.", edition="2")
    actions.move(policy, "publish", by=author, approved_by=boss)


Verified = Callable[..., tuple[int, str]]
__all__ = ["MADE_AT", "TODAY", "House", "Verified", "date"]
