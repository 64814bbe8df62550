"""The clause number is the import rule, for foreign keys as well; and some names say nothing."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, Model

from gnomon.project.translations import SOURCE

SAY_NOTHING = {"utils", "helpers", "common", "core", "base", "services", "managers", "constants", "signals"}
# The one door for change, and the writers of history that happened elsewhere.
MOVES = ("records/actions/", "agreements/histories.py")


def floors() -> list[str]:
    """The apps from the roof down, as the import contract of pyproject.toml has them."""
    settings = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = (c["layers"] for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [str(layer) for layer in layers]


def relations() -> Iterator[tuple[type[Model], Field, type[Model]]]:
    """Every column of ours that points to a model of ours."""
    for model in apps.get_models(include_auto_created=True):
        if not app_of(model).startswith("gnomon."):
            continue
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            other = field.related_model
            if isinstance(other, type) and app_of(other).startswith("gnomon."):
                yield model, field, other


def app_of(model: type[Model]) -> str:
    return apps.get_app_config(model._meta.app_label).name


def modules() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]


def test_the_contract_names_every_app_of_the_house():
    here = {f"gnomon.{path.parent.name}" for path in SOURCE.glob("*/__init__.py")}
    assert here == set(floors())


def test_some_foreign_keys_are_looked_at():
    assert len(list(relations())) > 20


def test_foreign_keys_point_down_or_stay_on_their_floor():
    height = {app: -at for at, app in enumerate(floors())}
    wrong = [
        f"{model._meta.label}.{field.name} points up to {other._meta.label}."
        for model, field, other in relations()
        if height[app_of(other)] > height[app_of(model)]
    ]
    assert wrong == []


def test_no_module_has_a_name_that_says_nothing():
    named = [(path.relative_to(SOURCE), {*path.relative_to(SOURCE).parts[:-1], path.stem}) for path in modules()]
    # Django finds a database backend by this name and no other.
    backend = Path("project/queued_sqlite/base.py")
    assert [str(path) for path, names in named if names & SAY_NOTHING and path != backend] == []


def set_status(source: str) -> list[int]:
    """Lines that set a status without a move: by assignment, by `setattr` or in a query's `update`."""
    found = []
    for node in ast.walk(ast.parse(source)) if "status" in source else ():
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        parts = [part for target in targets for part in ast.walk(target)]
        if any(isinstance(p, ast.Attribute) and p.attr == "status" and isinstance(p.ctx, ast.Store) for p in parts):
            found.append(node.lineno)
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            said = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            if (name == "setattr" and "status" in said) or (
                name == "update" and any(word.arg == "status" for word in node.keywords)
            ):
                found.append(node.lineno)
    return found


def test_a_status_changes_only_by_a_move():
    wrong = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in modules()
        if not str(path.relative_to(SOURCE)).startswith(MOVES)
        for line in set_status(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "source",
    [
        "incident.status = 'closed'",
        "a.b.status = x",
        "one.status, two.status = 1, 2",
        "setattr(incident, 'status', 'closed')",
        "Incident.objects.filter(pk=1).update(status='closed')",
    ],
)
def test_a_status_set_by_hand_is_found(source):
    assert set_status(source) == [1]


@pytest.mark.parametrize("source", ["status = 1", "if incident.status == 'new': pass", "x[incident.status] = 1"])
def test_reading_a_status_is_no_offence(source):
    assert set_status(source) == []
