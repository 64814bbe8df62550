"""What is seldom opened is folded away in its group, unless it is open now."""

from __future__ import annotations

import pytest

from gnomon.organization.models import Person
from gnomon.standard.plugs import MenuEntry
from gnomon.web import menu_groups

DAILY = MenuEntry(title="Incidents", url="/incidents/", clause="8.6.1")
RARE = MenuEntry(title="Matrices", url="/matrices/", clause="8.6.1", rare=True)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr(menu_groups, "collect", lambda _module, _plug: (DAILY, RARE))
    return Person(roles=["agent"])


def test_rare_entries_stand_apart(person):
    (group,) = menu_groups.menu_for(person, "/incidents/INC-000001")
    assert ([line.url for line in group.daily], [line.url for line in group.rare]) == (["/incidents/"], ["/matrices/"])
    assert not group.is_open


def test_a_group_is_unfolded_where_the_page_lies_inside(person):
    (group,) = menu_groups.menu_for(person, "/matrices/PMX-000001")
    assert group.is_open
