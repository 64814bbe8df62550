"""Targets are written as people say them: 15 min, 4 h, 2 d."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.agreements.fields import TargetsInput, minutes_of, minutes_text
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import InvalidFacts

pytestmark = pytest.mark.django_db
TARGETS = [
    {"priority": 1, "respond_minutes": 15, "resolve_minutes": 240},
    {"priority": 4, "resolve_minutes": 2880},
]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("15", 15),
        ("15 min", 15),
        ("4h", 240),
        ("4 小时", 240),
        ("1 d 2 h", 1560),
        ("1.5 h", 90),
        ("", None),
        (" ", None),
    ],
)
def test_lengths_of_time_are_read_as_people_write_them(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["soon", "4 weeks", "-3", "h", "4 h x"])
def test_what_is_no_length_of_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="like 15 min, 4 h or 2 d"):
        minutes_of(text)


@given(st.integers(1, 10_000_000))
@settings(max_examples=100)
def test_what_is_written_reads_back(minutes: int) -> None:
    assert minutes_of(minutes_text(minutes)) == minutes


def test_the_table_of_targets_survives_the_form_unchanged() -> None:
    field = TargetsInput()
    assert field.clean(field.prepare_value(TARGETS)) == TARGETS
    assert not field.has_changed(TARGETS, field.prepare_value(TARGETS))


def test_the_table_shows_an_input_for_each_priority_and_target() -> None:
    html = TargetsInput().widget.render("targets", TargetsInput().written(TARGETS), {"id": "id_targets"})
    assert html.count("<input") == 8
    assert 'name="targets-1-resolve_minutes" value="4 h"' in html
    assert 'name="targets-4-respond_minutes" value=""' in html


@given(st.integers(0, 10_000_000))
@settings(max_examples=50)
def test_what_is_written_in_chinese_reads_back_too(minutes: int) -> None:
    with translation.override("zh-hans"):
        assert minutes_of(minutes_text(minutes)) == minutes


def test_a_length_of_time_is_written_in_the_language_of_its_reader() -> None:
    with translation.override("zh-hans"):
        assert minutes_text(1440 + 21 * 60) == "1 天 21 小时"
    with translation.override("en"):
        assert minutes_text(1440 + 21 * 60) == "1 d 21 h"


def test_a_wrong_length_is_told_with_the_cell_it_stands_in() -> None:
    cells = TargetsInput().written(TARGETS) | {"2": {"resolve_minutes": "soon"}}
    with pytest.raises(ValidationError, match="^\\['2 High, Resolve within: “soon” is no length of time"):
        TargetsInput().clean(cells)


def test_resolving_takes_no_less_than_responding() -> None:
    agreement = actions.record(kind_named("service_level_agreement"), by=SYSTEM, title="Mail", targets=TARGETS)
    with pytest.raises(InvalidFacts, match="Critical is to be resolved sooner than responded to"):
        actions.change(agreement, by=SYSTEM, targets=[{"priority": 1, "respond_minutes": 60, "resolve_minutes": 30}])


def test_the_page_of_an_agreement_shows_its_targets_as_a_table(bob_browser) -> None:
    agreement = actions.record(kind_named("service_level_agreement"), by=SYSTEM, title="Mail", targets=TARGETS)
    page = bob_browser.get(agreement.get_absolute_url()).content.decode().split('id="part-targets"')[1]
    lines = [re.sub(r"<[^>]+>|\s+", " ", line).split() for line in page.split("</section>")[0].split("<tr>")[2:]]
    assert [" ".join(line) for line in lines] == [
        "Critical 15 min 4 h", "High no target no target", "Moderate no target no target", "Low no target 2 d",
    ]  # fmt: skip
