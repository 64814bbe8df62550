"""Sample checks: what each sees is decided by the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.test import Client
from tests.makers import a_person

from gnomon.certification.queries import live
from gnomon.organization.models import Person
from gnomon.standard.plugs import EvidenceCheck, Finding, Question, Recordwise

Answer = Finding | Exception | Callable[[Question], Finding]


@dataclass
class Evidence:
    """The checks that are declared while a test runs, and the questions that they were asked."""

    checks: list[EvidenceCheck] = field(default_factory=list)
    asked: list[tuple[str, Question]] = field(default_factory=list)

    def says(
        self,
        requirement: str,
        answer: Answer,
        *,
        rule: int = 1,
        version: int = 1,
        recordwise: Recordwise | None = None,
    ) -> None:
        """Declare a check of a rule that gives this answer, in place of an earlier one."""

        def run(question: Question) -> Finding:
            self.asked.append((f"{requirement}/{rule}", question))
            if isinstance(answer, Exception):
                raise answer
            return answer if isinstance(answer, Finding) else answer(question)

        check = EvidenceCheck(
            requirement, f"{requirement} holds", run, rule=rule, version=version, recordwise=recordwise
        )
        self.checks = [each for each in self.checks if each.name != check.name] + [check]
        live.declared_checks.cache_clear()


@pytest.fixture
def evidence(monkeypatch: pytest.MonkeyPatch) -> Iterator[Evidence]:
    stage = Evidence()
    monkeypatch.setattr(live, "collect", lambda _module, _plug: tuple(stage.checks))
    live.declared_checks.cache_clear()
    yield stage
    live.declared_checks.cache_clear()


@pytest.fixture
def mona(db: None) -> Person:
    """Manages the service management system."""
    return a_person("Mona Vale", username="mona", roles=["sms_manager"])


@pytest.fixture
def mona_browser(mona: Person) -> Client:
    client = Client()
    client.force_login(mona)
    return client


def incidents(first: int, last: int) -> list[str]:
    """INC-000001 to INC-00000n."""
    return [f"INC-{counter:06d}" for counter in range(first, last + 1)]
