"""Clocks and escalation from the terminal."""

from __future__ import annotations

import json

import pytest
from tests.agreements.conftest import an_agreement, an_incident, harbour, mail, office  # noqa: F401
from tests.agreements.escalation.conftest import a_policy, desk, heard, lead, network, ten_hours, work  # noqa: F401
from typer.testing import CliRunner

from gnomon.agreements.models import ClockProjection, EscalationStep
from gnomon.project.command import application

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8.6.1")]


@pytest.fixture
def said(monkeypatch):
    """`said("clocks", "rederive")`: exit code and words."""
    from gnomon.project.commands import clocks, saying

    monkeypatch.setattr(saying, "begin", lambda: None)
    monkeypatch.setattr(clocks, "begin", lambda: None)

    def run(*words):
        answer = CliRunner().invoke(application(), list(words))
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        return answer.exit_code, answer.output

    return run


def test_rederive_names_what_differs_and_puts_it_right(said, an_agreement, an_incident):  # noqa: F811
    an_agreement()
    incident = an_incident()
    assert said("clocks", "rederive", "--check")[0] == 0
    ClockProjection.objects.filter(number=incident.number).update(elapsed_seconds=7)
    code, words = said("clocks", "rederive", "--check")
    assert (code, f"{incident.number} clock resolve" in words) == (1, True)
    assert said("clocks", "rederive")[0] == 0
    told = json.loads(said("clocks", "rederive", "--check", "--json")[1])
    assert told["kinds"][0]["differing"] == 0


def test_calls_are_listed_and_answered(said, a_policy, an_incident, desk, work, bob):  # noqa: F811
    a_policy([{"clock": "resolve", "percent": 50, "do": "call", "whom": [bob.number], "wait": 10}])
    incident = an_incident(team=desk)
    work(incident, 5)
    (line,) = json.loads(said("escalations", "--overdue", "--json")[1])
    assert (line["record"], line["trouble"]) == (incident.number, "nobody has answered the call yet")
    assert said("acknowledge", incident.number, "--as", "bob") == (0, f"Answered 1 of {incident.number}.\n")
    assert EscalationStep.objects.get().acknowledged_by == bob.number


def test_a_manager_is_told(said, an_incident, lead, bob, heard):  # noqa: F811
    incident = an_incident()
    code, words = said(
        "inform-manager", incident.number, "--to", "lena", "--because", "The harbour is down", "--as", "bob"
    )
    assert (code, words, heard(lead)) == (0, f"Told Lena Field of {incident.number}.\n", 1)
