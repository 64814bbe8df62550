"""Plugs are plain values that the floor above finds where they stand."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest
from django.apps import apps

from gnomon.standard.collect import collect
from gnomon.standard.periods import Period
from gnomon.standard.plugs import EvidenceCheck, Finding, Job, Limit, MenuEntry, Question, evidence


def test_a_check_is_the_function_below_its_declaration():
    @evidence("8.5.1.3-b", "Every closed change was reviewed", rule=2)
    def closed_changes_were_reviewed(question: Question) -> Finding:
        return Finding(population=["CHG-1", "CHG-2"], failed=["CHG-2"])

    assert isinstance(closed_changes_were_reviewed, EvidenceCheck)
    assert closed_changes_were_reviewed.name == "8.5.1.3-b/2"
    now = datetime(2026, 3, 1, tzinfo=UTC)
    finding = closed_changes_were_reviewed.run(Question(Period.last(30, until=now), now))
    assert (finding.seen, list(finding.failed), list(finding.late)) == (2, ["CHG-2"], [])


@pytest.mark.parametrize(
    ("value", "unit", "length"),
    [
        (30, "minutes", timedelta(minutes=30)), (1.5, "hours", timedelta(minutes=90)), (2, "days", timedelta(days=2)),
        (1, "weeks", timedelta(days=7)),
    ],
)  # fmt: skip
def test_a_limit_of_time_has_a_length(value, unit, length):
    assert Limit(value, unit).length == length


def test_a_limit_of_anything_else_has_none():
    with pytest.raises(ValueError, match="percent is not a unit of time"):
        _ = Limit(95, "percent").length


@pytest.fixture
def declared(monkeypatch):
    """A module `sockets` beside two of the installed apps."""
    collect.cache_clear()
    modules = {}
    for app in ("gnomon.portfolio", "gnomon.resolution"):
        module = ModuleType(f"{app}.sockets")
        module.__spec__ = type(sys.__spec__)(module.__name__, None)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        modules[app] = module
    yield modules
    collect.cache_clear()


def test_plugs_are_found_in_the_order_of_the_apps_each_once(declared):
    first, second = Job("a", run=print), Job("b", run=print)
    entry = MenuEntry("x", "/x", "8")
    vars(declared["gnomon.resolution"]).update(LATER=second, ENTRY=entry, NOTHING="text")
    vars(declared["gnomon.portfolio"]).update(FIRST=first, SAME=first)
    assert collect("sockets", Job) == (first, second)
    assert collect("sockets", MenuEntry) == (entry,)
    assert [app.name for app in apps.get_app_configs()].index("gnomon.portfolio") < [
        app.name for app in apps.get_app_configs()
    ].index("gnomon.resolution")


def test_an_app_without_the_module_has_nothing_to_declare():
    assert collect("no_such_module_anywhere", Job) == ()


def test_a_module_that_is_broken_is_not_taken_for_an_absent_one(declared, monkeypatch):
    from importlib import import_module as real

    def broken(name):
        if name == "gnomon.portfolio.sockets":
            raise ImportError("no such library")
        return real(name)

    monkeypatch.setattr("gnomon.standard.collect.import_module", broken)
    with pytest.raises(ImportError, match="no such library"):
        collect("sockets", Job)
