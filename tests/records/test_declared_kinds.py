"""A kind is declared once: its pages, forms, REST and commands follow, in both languages."""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.html import escape
from tests.each_kind import FACTS, a_sample, a_seal_of_messages, a_seal_of_snapshots
from tests.makers import a_person
from typer.testing import CliRunner

from gnomon.certification import actions as certification
from gnomon.certification.catalogue import catalogue
from gnomon.organization.models import Person
from gnomon.organization.roles import CODES
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import Kind, kind_named, kinds
from gnomon.records.models import Record
from gnomon.records.permissions import VERBS, may
from gnomon.workflow.tables import Workflow

SOURCE = Path(importlib.import_module("gnomon").__file__ or "").parent
DECLARED_ONLY = ("service", "customer", "service_level_agreement")
LANGUAGES = {"en": "en", "zh-hans": "zh"}
TAKEN_BY_THE_SYSTEM = {("audit_pack", "make"), ("audit_pack", "refuse"), ("erasure", "carry_out")} | {
    ("ledger_verification", "find_whole"), ("ledger_verification", "find_broken"), ("time_stamp", "keep"),
    ("signing_key", "replace"), ("sample", "draw"), ("sample", "refuse"),
}  # fmt: skip
EVERY_KIND = pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)


@pytest.fixture
def max_(db: None) -> Person:
    """Holds every role, so that only the declaration decides what there is."""
    return a_person("马克斯", username="max", roles=list(CODES), language="")


# --- one record of each kind ------------------------------------------------------------------


def a_record_of(kind: Kind, by: Person) -> Record:
    """One record, related ones made as needed; some kinds come into being by actions of their own."""
    if kind.name in MADE_BY:
        made: Any = MADE_BY[kind.name](by)
        return made
    facts: dict[str, Any] = {"title": "样例"} | ({"username": "xu"} if kind.model is Person else {})
    for field in kind.model._meta.concrete_fields:
        if field.name in facts or field.name not in kind.fields or field.null or field.blank or field.has_default():
            continue
        facts[field.name] = _some(field, by)
    return actions.record(kind, by=by, **(facts | FACTS.get(kind.name, {})))


def _some(field: models.Field[Any, Any], by: Person) -> Any:
    if isinstance(field, models.ForeignKey):
        other = next(kind for kind in kinds() if kind.model is field.related_model)
        return by if other.model is Person else a_record_of(other, by)
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return date(2026, 1, 5)
    if isinstance(field, models.CharField | models.TextField):
        return "x1"
    return datetime.now(UTC) - timedelta(hours=1)


MADE_BY: dict[str, Callable[[Person], Any]] = {
    "conformity_run": lambda by: certification.run_checks(clause="4.1", by=by),
    "sample": a_sample,
    "message_seal": lambda _by: a_seal_of_messages(),
    "snapshot_seal": lambda _by: a_seal_of_snapshots(),
    "judgement": lambda by: certification.judge("4.1-a", "conforming", by=by, reason="看过。"),
    "rule_limit": lambda by: certification.set_limits("8.6.1-b", 1, by=by, values=[45], share=99, because="商定。"),
    "planned_activity": lambda by: certification.plan_activity("sla_review", 60, by=by),
    "signing_key": lambda _by: actions.record(
        kind_named("signing_key"), by=SYSTEM, title="0" * 16, **FACTS["signing_key"]
    ),
    "operation": lambda by: certification.begin_operation(datetime.now(UTC) - timedelta(days=30), by=by),
}


# --- declarations -----------------------------------------------------------------------------


def test_names_numbers_and_addresses_tell_kinds_apart():
    for tell in ("name", "prefix", "path", "model"):
        told = [getattr(kind, tell) for kind in kinds()]
        assert len(told) == len(set(told)), tell
    assert all(re.fullmatch(r"[A-Z]{2,4}", kind.prefix) for kind in kinds())


@EVERY_KIND
def test_what_a_kind_names_stands_on_its_model(kind: Kind):
    known = {field.name for field in kind.model._meta.concrete_fields}
    for place in ("fields", "columns", "filters", "searched", "projections"):
        assert set(getattr(kind, place)) <= known, place
    for move in kind.workflow.moves:
        assert {*move.needs, *move.asks} <= known, move.name


@EVERY_KIND
def test_roles_and_verbs_of_a_kind_are_known(kind: Kind):
    assert set(kind.may) <= {*VERBS, *kind.verbs, *(move.name for move in kind.workflow.moves)}
    assert {"read", "create"} <= set(kind.may)
    named = {role for roles in kind.may.values() for role in roles} | {r for m in kind.workflow.moves for r in m.who}
    assert named <= set(CODES)
    for_nobody = {(kind.name, move.name) for move in kind.workflow.moves if not kind.declared_holders(move.name)}
    assert for_nobody <= TAKEN_BY_THE_SYSTEM, "a move that nobody may take"


@EVERY_KIND
def test_the_workflow_of_a_kind_may_be_used(kind: Kind):
    assert kind.workflow.faults() == []


def test_no_workflow_that_an_app_declares_is_at_fault():
    found = [table for path in sorted(SOURCE.glob("*/workflows.py")) for table in _workflows(path.parent.name)]
    assert {kind.workflow.name for kind in kinds()} <= {table.name for table in found}
    assert [(table.name, fault) for table in found for fault in table.faults()] == []


def _workflows(app: str) -> Iterator[Workflow]:
    module = importlib.import_module(f"gnomon.{app}.workflows")
    return (value for value in vars(module).values() if isinstance(value, Workflow))


@EVERY_KIND
def test_the_requirements_that_a_kind_is_evidence_for_are_in_the_catalogue(kind: Kind):
    assert set(kind.requirements) <= {requirement.id for requirement in catalogue().requirements}
    assert kind.clause in catalogue().titles


@EVERY_KIND
def test_titles_speak_the_language_of_their_reader(kind: Kind):
    texts = [kind.title, kind.plural]
    texts += [part.title for part in (*kind.workflow.states, *kind.workflow.moves)]
    texts += [field.verbose_name for field in kind.model._meta.concrete_fields if field.name in kind.fields]
    with translation.override("en"):
        english = [str(text) for text in texts]
    with translation.override("zh-hans"):
        chinese = [str(text) for text in texts]
    assert [one for one, other in zip(english, chinese, strict=True) if one == other] == []


# --- nothing but the declaration --------------------------------------------------------------


@pytest.mark.parametrize("name", DECLARED_ONLY)
def test_pages_of_these_kinds_are_the_generic_ones(name: str):
    kind = kind_named(name)
    for place in ("", "new", "bulk", "export.csv", "NUMBER-1", "NUMBER-1/edit", "NUMBER-1/history", "NUMBER-1/retire"):
        view = resolve(f"/{kind.app}/{kind.path}/{place}".replace("NUMBER", kind.prefix)).func
        while hasattr(view, "__wrapped__") or isinstance(view, partial):
            view = view.func if isinstance(view, partial) else view.__wrapped__
        assert view.__module__.startswith("gnomon.records.views."), place


def test_the_portfolio_is_models_a_workflow_and_declarations():
    here = {path.name for path in (SOURCE / "portfolio").iterdir() if path.name != "__pycache__"}
    declared = {"configuration.py", "evidence.py", "kinds.py", "menu.py", "workflows.py"}
    assert here == {"__init__.py", "apps.py", "locale", "migrations", "models", *declared}


@pytest.mark.parametrize("app", ["portfolio", "agreements"])
def test_these_apps_write_no_forms_tables_resources_or_imports(app: str):
    folder = SOURCE / app
    assert not any((folder / name).exists() for name in ("forms.py", "api.py", "tables.py", "imports.py"))
    bases = {
        ast.unparse(base)
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
    }
    assert not {base for base in bases if base.split(".")[-1] in {"Form", "ModelForm", "Router", "Schema", "Command"}}


# --- what follows -----------------------------------------------------------------------------


class Words(HTMLParser):
    """What people read on a page: text and the attributes that are spoken or shown."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style", "svg", "code"}
        if not self.silent:
            spoken = {"title", "aria-label", "placeholder", "alt"}
            self.said += [value for name, value in attrs if name in spoken and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style", "svg", "code"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


@EVERY_KIND
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_its_pages(kind: Kind, language: str, max_: Person):
    with translation.override(language):
        record = a_record_of(kind, max_)
    client = Client(headers={"accept-language": language})
    client.force_login(max_)
    root, here = f"/{kind.app}/{kind.path}/", record.get_absolute_url()
    pages = {root: "read", f"{root}new": "create", here: "read", f"{here}/history": "read", f"{here}/edit": "change"}
    pages |= {f"{here}/{move.name}": move.name for move in kind.workflow.moves}
    for place, verb in pages.items():
        answer = client.get(place)
        assert answer.status_code == (200 if may(max_, verb, kind) else 403), place
        html = answer.content.decode()
        with translation.override(language):
            assert f'lang="{LANGUAGES[language]}' in html.lower()
            if answer.status_code == 200:
                assert any(escape(str(title)) in html for title in (kind.plural, kind.title)), place
        if language == "zh-hans":
            assert english_in(html) - NOTATION.get(kind.name, set()) == set(), place
    for ending in ("csv", "xlsx"):
        assert client.get(f"{root}export.{ending}").status_code == (200 if may(max_, "export", kind) else 403)


# Record numbers, names in files and commands, digests, and the way to the other language.
_NAMES = re.compile(r"[A-Z]{2,4}-\d+|\w+_\w+|iso-20000-1-2018|[0-9a-f]{16,}|Show in English")
NAMES = {"Gnomon", "CSV", "XLSX", "Excel", "SHA", "SLA", "ISO", "IEC", "Enter", "Esc", "IANA", "UTC", "Asia", "Shanghai",
         "English", "max", "Ctrl"}  # fmt: skip
NOTATION = {
    "notice_text": {"text"},
    "sample": {"gnomon", "sample"},
    "reply_template": {"requester", "number", "due"},
    "work_calendar": {"time", "zone", "mon", "fri", "open", "closed", "holidays"},
    "webhook_subscription": {
        "Webhook",
        "JSON",
        "Base",
        "webhook",
        "CloudEvents",
        "KIND",
        "VERB",
        "https",
        "example",
        "org",
        "hook",
    },
    "workflow_version": {
        "live",
        "Retire",
        "Bring",
        "back",
    },  # English titles, which its editor holds beside the Chinese
}


def english_in(html: str) -> set[str]:
    """English words that people would read on a page, names left out."""
    return set(re.findall(r"[A-Za-z]{3,}", _NAMES.sub("", " ".join(Words(html).said)))) - NAMES


@cache
def described() -> dict[str, Any]:
    api = importlib.import_module("gnomon.api.doors").whole()
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return schema


@EVERY_KIND
def test_every_kind_is_a_rest_resource(kind: Kind):
    paths, root = described()["paths"], f"/api/v1/{kind.path}"
    assert {"get", "post"} <= set(paths[root])
    assert {"get", "patch"} <= set(paths[f"{root}/{{number}}"])
    assert "post" in paths[f"{root}/{{number}}/comments"]
    for move in kind.workflow.moves:
        assert "post" in paths[f"{root}/{{number}}/moves/{move.name}"]


@EVERY_KIND
def test_every_kind_is_listed_on_the_command_line(kind: Kind, max_: Person):
    from gnomon.project.command import application

    record = a_record_of(kind, max_)
    ran = CliRunner().invoke(application(), ["list", kind.name, "--as", "max", "--json"])
    assert ran.exit_code == 0, ran.output
    assert record.number in ran.output


def test_addresses_are_named_after_kinds():
    for kind in kinds():
        assert reverse(f"{kind.name}-new") == f"/{kind.app}/{kind.path}/new"


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_a_list_is_headed_with_a_capital(kind: Kind) -> None:
    for title in (kind.title, kind.plural):
        assert str(title)[0].isupper(), f"{kind.name} is called “{title}” at the head of its list"
