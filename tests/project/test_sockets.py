"""docs/sockets.md tells every plug that is collected, where it is declared, and how to write one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from importlib import import_module
from typing import Any

import pytest

from gnomon.project.translations import SOURCE

PAGE = (SOURCE.parents[1] / "docs" / "sockets.md").read_text(encoding="utf-8")
LINE = re.compile(r"^\| \[`(?P<plug>\w+)`]\(#\w+\) \| `(?P<module>\w+)\.py` \| (?P<collector>[^|]+) \|", re.MULTILINE)
TOLD = {line["plug"]: (line["module"], line["collector"].strip("` ")) for line in LINE.finditer(PAGE)}


def collections() -> Iterator[tuple[str, str, str]]:
    """Plug, module and file of every call of `collect` in the source."""
    for path in sorted(SOURCE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if "collect(" in source else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "collect":
                module, plug = node.args
                assert isinstance(module, ast.Constant), f"{path}: name the module, so that people can find it."
                yield ast.unparse(plug), str(module.value), str(path.relative_to(SOURCE))


def plug_named(name: str) -> Any:
    """The type that the section of a plug names in full."""
    module = re.search(rf"^`(gnomon\.[\w.]+)\.{name}`", PAGE, re.MULTILINE)
    assert module is not None, f"The section of {name} does not say where the type stands."
    return getattr(import_module(module[1]), name)


def test_plugs_are_collected_at_all():
    assert {"Kind", "EvidenceCheck", "Job", "MenuEntry"} <= {plug for plug, _module, _file in collections()}


@pytest.mark.parametrize(("plug", "module", "file"), sorted(set(collections())))
def test_each_collected_plug_is_on_the_page_with_its_module_and_its_collector(plug, module, file):
    assert TOLD.get(plug) == (module, file)


def test_what_the_page_says_is_collected_is():
    collected = {plug for plug, _module, _file in collections()}
    assert {plug for plug, (_module, collector) in TOLD.items() if collector != "nobody yet"} == collected


def test_the_page_tells_no_plug_that_does_not_exist():
    for name in TOLD:
        assert plug_named(name).__name__ == name


def test_no_plug_of_the_standard_floor_is_forgotten():
    plugs = import_module("gnomon.standard.plugs")
    parts = {"Limit", "Question", "Finding", "Recordwise"}  # what checks are asked, answer and promise
    declared = {
        value.__name__
        for value in vars(plugs).values()
        if getattr(value, "__module__", "") == plugs.__name__ and hasattr(value, "__dataclass_fields__")
    }
    assert declared - parts <= set(TOLD)


@pytest.mark.parametrize("name", sorted(TOLD))
def test_each_plug_has_an_example_that_its_type_accepts(name):
    section = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    example = section.partition("```python\n")[2].partition("```")[0]
    assert example, f"{name} has no example."
    maker = {"EvidenceCheck": "evidence"}.get(name, name)
    calls = [
        node
        for node in ast.walk(ast.parse(example))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == maker
    ]
    assert calls, f"The example of {name} makes none."
    if maker == name:
        known = fields(plug_named(name))
        for call in calls:
            given = {known[at].name for at in range(len(call.args))} | {str(word.arg) for word in call.keywords}
            asked = {f.name for f in known if f.default is MISSING and f.default_factory is MISSING}
            assert given <= {field.name for field in known}
            assert asked <= given


def test_the_files_that_the_page_names_are_there():
    for path in re.findall(r"`(\w+/[\w/]+\.py)`", PAGE):
        assert (SOURCE / path).is_file(), path
