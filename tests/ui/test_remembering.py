"""What is drawn once is drawn for its inputs and language only."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from gnomon.ui import remembering
from gnomon.ui.remembering import MOST, drawn_once, forget_drawn


@pytest.fixture(autouse=True)
def nothing_drawn():
    forget_drawn()


PAGE = Template(
    "{% load i18n gnomon_once %}"
    '{% once "menu" lines %}{% for line in lines %}<{{ line }}>{% endfor %}{% translate "Search" %}{{ beside }}{% endonce %}'
)


def page(lines, beside=""):
    return PAGE.render(Context({"lines": lines, "beside": beside}))


def test_the_same_inputs_are_drawn_once_and_others_anew():
    assert page(["a"], "first") == "<a>Searchfirst"
    assert page(["a"], "second").endswith("first")  # nothing was drawn
    assert page(["b"], "second").endswith("second")


def test_each_language_has_its_own():
    english = page(["a"])
    with translation.override("zh-hans"):
        assert page(["a"]) != english
    assert page(["a"]) == english


def test_what_knows_its_inputs_is_asked_for_them_all_the_way_down():
    def menu(title):
        return [SimpleNamespace(drawn_from=[SimpleNamespace(drawn_from=("x", title))])]

    page(menu("one"), "first")
    assert page(menu("one"), "second").endswith("first")
    assert page(menu("two"), "second").endswith("second")


def test_only_so_much_is_kept():
    for n in range(MOST + 5):
        drawn_once("part", n, lambda: "drawn")
    assert len(remembering._drawn) == MOST
