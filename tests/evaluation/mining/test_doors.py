"""The same answers from the command line and by REST as from the pages."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.evaluation.mining.lives import make_lives
from tests.integrations.test_event_logs import SMALL

from gnomon.evaluation.mining.asked import Question
from gnomon.evaluation.mining.plain import QUESTIONS
from gnomon.organization.actions import make_token
from gnomon.organization.models import Person
from gnomon.project import command
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def gnomon(capsys: Any, monkeypatch: Any) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gnomon", "mine", *words])
        capsys.readouterr()
        code: Any = 0
        try:
            command.main()
        except SystemExit as end:
            code = end.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def rest(client: Any) -> Callable[..., Any]:
    def get(person: Person, path: str, **facts: Any) -> Any:
        _token, secret = make_token(person, name=f"test {path}", by=SYSTEM, **facts)
        return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})

    return get


@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_command_and_rest_tell_the_same(bob: Person, gnomon: Run, rest: Any, question: str) -> None:
    make_lives(bob)
    code, out, err = gnomon(question, "incident", "priority=2", "--json")
    assert code == 0, err
    told = json.loads(out)
    answer = rest(bob, f"mining/incident/{question}?priority=2")
    assert answer.status_code == 200
    heard = answer.json()
    if question != "waiting":  # what is not closed goes on
        assert heard == told
    assert heard.keys() == told.keys()
    assert (
        told == QUESTIONS[question](Question(kind_named("incident"), parameters={"priority": ["2"]}))
        or question == "waiting"
    )


@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_commands_tell_people_a_table(bob: Person, gnomon: Run, question: str) -> None:
    make_lives(bob)
    code, out, err = gnomon(question)
    assert (code, err) == (0, "")
    assert "records" in out


def test_the_map_in_figures(bob: Person, gnomon: Run) -> None:
    """By hand: two incidents of priority 2; work to resolved took 3 hours in one and 1 hour in the other."""
    make_lives(bob)
    _code, out, _err = gnomon("map", "incident", "priority=2", "--json")
    told = json.loads(out)
    (path,) = [one for one in told["paths"] if (one["from"], one["to"]) == ("in_progress", "resolved")]
    assert (path["records"], path["seconds"]["median"], path["seconds"]["total"]) == (2, 7200.0, 14400.0)
    assert "mined=states.step.in_progress~resolved" in path["list"].replace("%7E", "~")


def test_refusals_are_sentences(bob: Person, gnomon: Run, rest: Any, eve: Person, tmp_path: Path) -> None:
    assert gnomon("map", "cat")[2].startswith("There is no kind “cat”.")
    assert "can be seen as states, moves, teams" in gnomon("map", "--by", "stars")[2]
    assert "There is no filter" in gnomon("map", "incident", "colour=red")[2]
    assert "do not permit" in gnomon("map", "--as", "eve")[2]
    assert "no service hours" in gnomon("waiting", "--hours", "CAL-9")[2]
    assert "ends in none of" in gnomon("export", str(tmp_path / "log.txt"))[2]
    assert rest(eve, "mining/incident/map").status_code == 404
    assert rest(bob, "mining/cat/map").status_code == 404
    assert rest(bob, "mining/incident/dance").status_code == 404
    assert rest(bob, "mining/incident/map?by=stars").status_code == 422
    assert rest(bob, "mining/incident/map?colour=red").status_code == 422


def test_a_token_for_something_else_sees_nothing(bob: Person, rest: Any) -> None:
    assert rest(bob, "mining/incident/map", scopes=["service:read"]).status_code == 403


def test_a_log_from_elsewhere(db: None, gnomon: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(SMALL, encoding="utf-8")
    told = json.loads(gnomon("variants", "--file", str(path), "--json")[1])
    assert [one["path"] for one in told["variants"]] == [["Assign", "Think", "Resolve"]]
    assert told["left_out"] == 0
    assert json.loads(gnomon("map", "--file", str(path), "--json")[1])["steps"] == 3
    torn = tmp_path / "torn.xes"
    torn.write_text("<log><trace>")
    assert "is no whole XML" in gnomon("map", "--file", str(torn))[2]
    assert "cannot be read" in gnomon("map", "--file", str(tmp_path / "none.xes"))[2]


@pytest.mark.parametrize("name", ["log.xes", "log.json", "log.xml", "log.sqlite"])
def test_a_log_written_is_a_log_read(bob: Person, gnomon: Run, tmp_path: Path, name: str) -> None:
    make_lives(bob)
    target = str(tmp_path / name)
    assert gnomon("export", target, "incident", "priority=2")[0] == 0
    told = json.loads(gnomon("map", "--file", target, "--about", "incident", "--json")[1])
    assert told["records"] == 2


def test_without_the_extra_every_door_says_what_to_install(
    bob: Person, gnomon: Run, rest: Any, monkeypatch: Any
) -> None:
    from gnomon.evaluation.mining import columns

    monkeypatch.setattr(columns, "find_spec", lambda _name: None)
    code, _out, err = gnomon("map")
    assert (code, "pip install" in err) == (2, True)
    answer = rest(bob, "mining/incident/map")
    assert answer.status_code == 422
    assert "pip install" in answer.json()["detail"]
