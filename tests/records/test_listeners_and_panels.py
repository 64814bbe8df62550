"""Apps hear of entries in the transaction that leaves them, and add parts to a record's page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from gnomon.records import actions, listeners, panels
from gnomon.records.kinds import kind_named
from gnomon.records.listeners import Listener
from gnomon.records.panels import Panel

INCIDENT = kind_named("incident")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    listener = Listener(
        hear=lambda _record, entry: told.append(entry.verb), kinds=("incident",), verbs=("recorded", "assign")
    )
    monkeypatch.setattr(listeners, "collect", lambda _module, _plug: (listener,))
    return told


def test_a_listener_hears_the_verbs_it_named_and_no_others(heard, bob):
    incident = actions.record(INCIDENT, by=bob, title="Mail is slow")
    actions.comment(incident, "Looking", by=bob)
    assert heard == ["incident:recorded"]


def test_what_a_listener_refuses_is_not_written(monkeypatch, bob):
    def refuse(_record: Any, _entry: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(listeners, "collect", lambda _module, _plug: (Listener(hear=refuse),))
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.record(INCIDENT, by=bob, title="Mail is slow")
    assert not INCIDENT.model.objects.exists()


def panel(name: str, **more: Any) -> Panel:
    return Panel(kind="incident", name=name, template="ui/_empty.html", context=lambda _r, _p: {}, **more)


def test_panels_stand_in_their_order_and_staff_panels_are_kept_from_others(monkeypatch, bob):
    declared = (panel("late", order=200), panel("early", order=1, staff=False), panel("top", place="above"))
    monkeypatch.setattr(panels, "collect", lambda _module, _plug: declared)
    incident = actions.record(INCIDENT, by=bob, title="Mail is slow")

    def shown(*, staff: bool) -> dict[str, list[str]]:
        return {
            place: [one["id"] for one in ones] for place, ones in panels.panels_of(incident, bob, staff=staff).items()
        }

    assert shown(staff=True) == {"above": ["part-top"], "main": [], "aside": ["part-early", "part-late"]}
    assert shown(staff=False) == {"above": [], "main": [], "aside": ["part-early"]}


def test_a_panel_with_nothing_to_show_is_not_there(monkeypatch, bob):
    empty = Panel(kind="incident", name="none", template="ui/_empty.html", context=lambda _r, _p: None)
    monkeypatch.setattr(panels, "collect", lambda _module, _plug: (empty,))
    incident = actions.record(INCIDENT, by=bob, title="Mail is slow")
    assert not any(panels.panels_of(incident, bob, staff=True).values())
