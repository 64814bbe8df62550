"""The gnomon command: help with an example everywhere, JSON for machines, a sentence for every refusal."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest
import typer
from tests.makers import a_team
from tests.resolution.makers import a_service, an_incident
from tests.resolution.test_majors import declare

from gnomon.integrations.models import WebhookDelivery
from gnomon.organization.models import AccessToken, Person
from gnomon.project import command
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.models import Comment
from gnomon.records.queries import history
from gnomon.resolution.models import Incident, MajorIncidentReview


class Said:
    """What a command ended with, and what it said on both channels."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        assert self.code == 0, self.err
        return json.loads(self.out)


@pytest.fixture
def gnomon(capsys, monkeypatch):
    """`gnomon("list", "incident")`: runs the command as the terminal does."""

    def run(*words, stdin=""):
        monkeypatch.setattr(sys, "argv", ["gnomon", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = 0
        try:
            command.main()
        except SystemExit as end:
            code = end.code or 0
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return run


def refused(said):
    """The one sentence of a refusal."""
    assert said.code == 2, said.out
    assert said.out == ""
    assert said.err.rstrip().endswith((".", "?"))
    assert "Traceback" not in said.err
    return said.err.strip()


# --- help -----------------------------------------------------------------------------------------


def every_command(group=None, path=()):
    group = group or typer.main.get_command(command.application())
    for name, inner in group.commands.items():
        if hasattr(inner, "commands"):
            yield from every_command(inner, (*path, name))
        else:
            yield (*path, name), inner


COMMANDS = list(every_command())


def test_the_fixed_names_are_there():
    names = {" ".join(path) for path, _command in COMMANDS}
    assert {
        "init", "serve", "import", "ledger verify", "conformity", "measure", "person create", "token create",
    } <= names  # fmt: skip


@pytest.mark.parametrize(("path", "inner"), COMMANDS, ids=[" ".join(path) for path, _command in COMMANDS])
def test_every_command_says_what_it_does_and_shows_an_example(gnomon, path, inner):
    said = gnomon(*path, "--help")
    assert said.code == 0
    first, example = inner.help.strip().splitlines()[0], inner.help.strip().splitlines()[-1]
    assert first.rstrip().endswith((".", ";")) or "." in inner.help
    assert example.strip().startswith(f"Example: gnomon {' '.join(path)}")
    assert f"gnomon {' '.join(path)}" in " ".join(said.out.split())
    for parameter in inner.params:
        if parameter.name != "help":
            assert getattr(parameter, "help", ""), f"{path}: {parameter.name} has no help"


def test_examples_use_options_that_exist(gnomon):
    for path, inner in COMMANDS:
        example = inner.help.strip().splitlines()[-1]
        known = {option for parameter in inner.params for option in (*parameter.opts, *parameter.secondary_opts)}
        used = {word for word in example.split() if word.startswith("--")}
        assert used <= known, path


def test_without_a_word_it_tells_what_there_is(gnomon):
    said = gnomon()
    assert "Usage: gnomon" in said.out + said.err
    assert "ledger" in said.out + said.err


def test_an_unknown_command_is_refused(gnomon):
    said = gnomon("fly")
    assert said.code == 2
    assert "No such command 'fly'." in said.err


# --- records --------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def test_an_incident_is_recorded_worked_and_shown(gnomon, bob):
    desk = a_team("Desk")
    told = gnomon("record", "incident", "title=Mail is slow", "impact=2", "urgency=2", "--as", "bob", "--json").json
    assert (told["number"], told["priority"], told["impact"]) == ("INC-000001", 3, 2)
    assert gnomon("move", "INC-000001", "assign", f"team={desk.number}", "--as", "bob").code == 0
    assert gnomon("comment", "inc-000001", "Rang her", "--internal", "--as", bob.number).out == "Said on INC-000001.\n"
    assert gnomon("change", "INC-000001", "category=mail", "--because", "Seen", "--as", "bob").code == 0
    solved = gnomon(
        "move", "INC-000001", "resolve", "resolution=Restarted", "closure_code=solved", "--as", "bob", "--json"
    ).json
    assert solved["status"] == "resolved"
    shown = gnomon("show", "inc-000001", "--json").json
    assert (shown["category"], shown["team"], shown["version"]) == ("mail", desk.number, 5)
    incident = Incident.objects.get()
    assert {entry.actor for entry in history(incident)} == {bob.number}
    assert Comment.objects.get().internal
    assert "Restarted" in gnomon("show", "INC-000001").out


def test_words_are_words_even_when_they_look_like_numbers(gnomon):
    gnomon("record", "incident", "title=404", "description=true", "category=1e5", "subcategory=[x]")
    gnomon("record", "incident", "title=null", "description={}")
    first, second = Incident.objects.order_by("id")
    assert (first.title, first.description, first.category, first.subcategory) == ("404", "true", "1e5", "[x]")
    assert (second.title, second.description) == ("null", "{}")


def test_a_fact_is_emptied_by_giving_nothing(gnomon):
    incident = an_incident(service=a_service(), category="mail", impact=1, urgency=1)
    gnomon("change", incident.number, "service=", "category=", "impact=")
    incident.refresh_from_db()
    assert (incident.service, incident.category, incident.impact) == (None, "", None)


def test_a_list_has_the_filters_of_the_page(gnomon):
    for n in range(4):
        an_incident(f"Case {n}", impact=1 if n % 2 else 2, urgency=1)
    told = gnomon("list", "incident", "priority=1", "sort=opened_at", "--limit", "1", "--json").json
    assert [row["title"] for row in told] == ["Case 1"]
    assert gnomon("list", "incident", "priority=1,2", "--json").json[0]["number"] == "INC-000004"
    assert gnomon("list", "major-incident-criteria", "--json").json == []


def test_a_table_has_one_line_for_each_record_and_no_sign_that_steers_the_terminal(gnomon):
    an_incident("[bold]not markup[/nonsense] :smile: " + "x" * 200)
    an_incident("\x1b[31mred\x07 打印机")
    lines = gnomon("list", "incident").out.splitlines()
    assert len(lines) == 3
    assert "�[31mred� 打印机" in lines[1]
    assert "[bold]not markup[/nonsense] :smile: " + "x" * 200 in lines[2]
    assert "\x1b" not in "".join(lines)


def test_whoever_acts_sees_and_may_only_what_they_may(gnomon, carol, eve):
    an_incident()
    assert "There is no record “INC-000001”" in refused(gnomon("show", "INC-000001", "--as", "eve"))
    assert gnomon("list", "incident", "--as", "carol", "--json").json == []
    assert "do not permit “record” on Services" in refused(gnomon("record", "service", "title=x", "--as", "carol"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["record", "dragon", "title=x"], "There is no kind “dragon”. Kinds: "),
        (["record", "incident"], "“title” must be filled."),
        (["record", "incident", "title"], "“title” is not of the form name=value, for example impact=1."),
        (["record", "incident", "title=x", "impact=9"], "impact"),
        (["record", "incident", "title=x", "impact=high"], "“high” is no value for “impact”"),
        (["record", "incident", "title=x", "colour=red"], "There is no field “colour” to fill here"),
        (["record", "incident", "title=x", "opened_at=yesterday"], "“yesterday” is no value for “opened_at”"),
        (["record", "incident", "title=x", "--as", "nobody"], "There is no active person “nobody”"),
        (["show", "INC-999999"], "There is no record “INC-999999”."),
        (["show", "nonsense"], "A number looks like INC-000042."),
        (["move", "INC-000001", "explode"], "INC-000001 has no move “explode”. Open to it now: assign, start"),
        (["move", "INC-000001", "close"], "INC-000001 is New and cannot take the move “Close”"),
        (["move", "INC-000001", "resolve"], "resolution, closure code is missing"),
        (["comment", "INC-000001", " "], "A comment needs words."),
        (["change", "INC-000001", "status=closed"], "There is no field “status” to fill here"),
        (["list", "incident", "colour=red"], "There is no filter “colour”"),
        (["list", "incident", "sort=password"], "cannot be sorted by “password”"),
        (["ledger", "prove", "INC-999999", "/tmp/x"], "The ledger has no entry about “INC-999999”"),
        (["import", "csv", "/no/such/file.csv"], "There is no file “/no/such/file.csv”"),
        (["person", "create", "--username", "x", "--role", "king", "--no-password"], "There is no role “king”. Roles: requester"),
        (["person", "create", "--username", "x", "--password-stdin"], "No password came on standard input"),
        (["token", "create", "--person", "nobody"], "There is no active person “nobody”"),
        (["measure", "beauty"], "beauty"),
        (["conformity", "--clause", "99"], "99"),
        (["conformity", "--as-of", "soon"], "soon"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_refusal_is_a_sentence_and_exit_code_two(gnomon, words, says):
    an_incident()
    assert says in refused(gnomon(*words))


def test_what_nobody_expected_keeps_its_trace(gnomon, monkeypatch):
    monkeypatch.setattr(actions, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        gnomon("record", "incident", "title=x")


# --- people and tokens ----------------------------------------------------------------------------


def test_a_person_comes_in_with_a_password_from_a_pipe(gnomon):
    told = gnomon(
        "person", "create", "--username", "Robin", "--name", "Robin Field", "--role", "agent", "--role", "requester",
        "--password-stdin", "--json", stdin="a long secret phrase\n",
    ).json  # fmt: skip
    assert told == {"number": "PER-000001", "username": "robin", "roles": ["requester", "agent"]}
    assert Person.objects.get().check_password("a long secret phrase")
    weak = gnomon("person", "create", "--username", "sam", "--password-stdin", stdin="1234\n")
    assert "too short" in refused(weak)
    taken = gnomon("person", "create", "--username", "ROBIN", "--no-password")
    assert "already has this username" in refused(taken)


def test_a_token_is_told_once_and_works(gnomon, bob, client):
    told = gnomon("token", "create", "--person", "bob", "--name", "monitoring", "--json").json
    secret = told["token"]
    assert AccessToken.objects.get().name == "monitoring"
    answer = client.get("/api/v1/incidents", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    assert "already" in refused(gnomon("token", "create", "--person", "bob", "--name", "monitoring"))
    plain = gnomon("token", "create", "--person", "bob")
    assert plain.out.strip().splitlines()[-1].startswith("gnomon_")


def test_a_token_for_reading_does_not_write(gnomon, bob, client):
    secret = gnomon("token", "create", "--person", "bob", "--read-only", "--json").json["token"]
    answer = client.post(
        "/api/v1/incidents", '{"title": "x"}', content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert answer.status_code == 403


# --- what scripts read ----------------------------------------------------------------------------


def test_the_ledger_is_verified_with_an_exit_code_for_scripts(gnomon, monkeypatch):
    an_incident()
    told = gnomon("ledger", "verify", "--json").json
    assert told["whole"] is True
    assert gnomon("ledger", "seal").code == 0
    from django.db import connection

    from gnomon.records.ledger.triggers import unguard

    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE resolution_incident SET title = 'Nothing happened'")
    said = gnomon("ledger", "verify", "--json")
    assert said.code == 1
    assert json.loads(said.out)["whole"] is False
    assert "INC-000001" in gnomon("ledger", "verify").out


def test_conformity_tells_one_object_for_each_requirement(gnomon):
    told = gnomon("conformity", "--clause", "8.6.1", "--json").json
    assert len(told) >= 12
    states = {
        "conforming", "observation", "nonconforming", "undetermined", "not_applicable", "not_checked", "error",
    }  # fmt: skip
    for line in told:
        assert {"requirement", "clause", "status", "seen", "late", "failed"} <= line.keys()
        assert line["clause"] == "8.6.1"
        assert line["status"] in states
        assert isinstance(line["seen"], int)
        assert isinstance(line["late"], list)
        assert isinstance(line["failed"], list)
    assert gnomon("conformity", "--clause", "8.6.1").code == 0


def test_a_measure_tells_value_unit_count_and_period(gnomon):
    incident = an_incident()
    actions.move(incident, "resolve", by=SYSTEM, resolution="x", closure_code="solved")
    told = gnomon("measure", "incident_mttr", "--json").json
    assert {"value", "unit", "count", "from", "to", "median", "p90"} <= told.keys()
    assert (told["unit"], told["count"]) == ("hours", 1)
    assert gnomon("measure", "incident_mttr", "--by", "priority").code == 0


# --- an installation that is not as it should be --------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"GNOMON_DATABASE_URL": "mysql://x"}, "must begin with postgresql://, not mysql://. Check the variables"),
        ({"GNOMON_TIME_ZONE": "Mars/Base"}, "Mars/Base"),
        ({}, "The database has no tables yet. Run “gnomon init” first."),
    ],
)
def test_settings_that_cannot_be_are_refused_in_a_sentence(tmp_path, variables, says):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GNOMON_", "DJANGO_"))}
    ended = subprocess.run(
        [sys.executable, "-m", "gnomon.project.command", "list", "incident"],
        env={**clean, "GNOMON_HOME": str(tmp_path), **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.django_db
def test_a_proof_of_what_is_not_sealed_yet_says_how_to_seal_it(gnomon, tmp_path):
    number = an_incident().number
    said = gnomon("ledger", "prove", number, tmp_path / "proof.json")
    refused(said)
    assert "gnomon ledger seal" in said.err
    assert gnomon("ledger", "seal").code == 0
    assert gnomon("ledger", "prove", number, tmp_path / "proof.json").code == 0
    refused(gnomon("ledger", "prove", number, tmp_path / "no folder" / "proof.json"))


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_no_machine_has_is_refused(gnomon, port):
    said = gnomon("serve", "--port", port)
    assert said.code == 2
    assert "Usage: gnomon serve" in said.err
    assert "Traceback" not in said.err


# --- incidents that belong together ----------------------------------------------------------------


def test_incidents_are_merged_split_and_resolved_together(gnomon, bob, alice):
    one, two, target = an_incident("One"), an_incident("Two"), an_incident("Target")
    actions.move(two, "cancel", by=bob, because="x")
    told = gnomon(
        "merge", one.number, two.number, "--into", target.number, "--because", "Same", "--as", "bob", "--json"
    )
    assert (told.code, [row["done"] for row in json.loads(told.out)]) == (1, [True, False])
    assert gnomon("move", one.number, "unmerge", "--because", "No", "--as", "bob").code == 0
    gnomon("change", one.number, f"parent={target.number}", "--as", "bob")
    target.refresh_from_db()
    actions.move(target, "resolve", by=bob, resolution="Done", closure_code="solved")
    assert gnomon("resolve-parts", target.number, "--as", "bob").code == 0
    split = gnomon("split", target.number, "--title", "More", "--description", "x", "--because", "y", "--as", "bob")
    assert split.out == "INC-000004 was split off.\n"
    declare(one, by=bob, manager=alice)
    assert gnomon("review", one.number, "--as", "alice").code == 0
    assert MajorIncidentReview.objects.count() == 1


# --- tokens, notices, webhooks ----------------------------------------------------------------


def test_a_token_has_scopes_and_is_listed_rotated_and_revoked(gnomon, bob):
    made = gnomon("token", "create", "--person", "bob", "--name", "chat", "--scope", "incident:read", "--json").json
    assert made["scopes"] == ["incident:read"]
    (listed,) = gnomon("token", "list", "--person", "bob", "--json").json
    assert (listed["name"], "token" in listed) == ("chat", False)
    again = gnomon("token", "rotate", "chat", "--person", "bob", "--overlap", "0", "--json").json
    assert again["token"] != made["token"]
    assert gnomon("token", "revoke", again["prefix"], "--person", "bob").code == 0
    assert gnomon("token", "list", "--person", "bob", "--json").json == []
    assert "There is no token “chat” of this person." in gnomon("token", "rotate", "chat", "--person", "bob").err
    wrong = gnomon("token", "create", "--person", "bob", "--name", "x", "--scope", "weather:read")
    assert (wrong.code, "There is no scope “weather:read”" in wrong.err) == (2, True)


def test_how_somebody_is_told_is_shown_and_chosen(gnomon, bob):
    assert (
        gnomon("notices", "choose", "comment=digest", "team.mail=at_once", "--digest-hour", "7", "--as", "bob").code
        == 0
    )
    told = gnomon("notices", "show", "--as", "bob", "--json").json
    assert (told["topics"]["comment"], told["topics"]["team"]) == ({"mail": "digest"}, {"mail": "at_once"})
    assert told["digest_hour"] == 7
    wrong = gnomon("notices", "choose", "comment=hourly", "--as", "bob")
    assert (wrong.code, "“comment=hourly” is no choice" in wrong.err) == (2, True)


def test_a_webhook_is_made_tested_and_sent_again(gnomon, olga):
    made = gnomon(
        "webhook", "create", "https://example.org/hook", "--event", "incident:*", "--activate", "--as", "olga", "--json"
    )
    number = made.json["number"]
    assert (made.json["status"], made.json["secret"][:6]) == ("active", "whsec_")
    assert gnomon("webhook", "test", number, "--as", "olga").code == 0
    (sent,) = gnomon("webhook", "deliveries", number, "--json").json
    assert (sent["event"], sent["state"]) == ("webhook_subscription:test", "waiting")
    WebhookDelivery.objects.update(state="dead", sequence=1)
    (given_up,) = gnomon("webhook", "dead", "--json").json
    assert given_up["webhook"] == number
    assert "1 on their way again." in gnomon("webhook", "replay", number, "--dead", "--as", "olga").out
    assert gnomon("webhook", "list", "--json").json[0]["deliveries"] == {"waiting": 1}
    assert "Say which" in gnomon("webhook", "replay", number, "--as", "olga").err
    assert (
        "no moment with its time zone"
        in gnomon("webhook", "replay", number, "--since", "yesterday", "--as", "olga").err
    )
    assert "There is no webhook “WHK-9”" in gnomon("webhook", "test", "WHK-9", "--as", "olga").err


def test_who_may_not_set_webhooks_sees_and_makes_none(gnomon, bob):
    assert gnomon("webhook", "create", "https://example.org/hook", "--as", "bob").code == 2
    assert gnomon("webhook", "list", "--as", "bob", "--json").json == []
