"""9.1: the figures of the process catalogue and the measures that are declared, held together in both directions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from gnomon.evaluation.asking import asking, is_told
from gnomon.evaluation.catalogue import kpis, owner_title, process_of, processes
from gnomon.evaluation.catalogue.waiting import WAITING
from gnomon.evaluation.definitions import digest
from gnomon.evaluation.queries import lists
from gnomon.evaluation.queries.measures import measures
from gnomon.records.facts import personal_names
from gnomon.records.kinds import kind_named, kinds
from gnomon.standard.collect import collect
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

pytestmark = pytest.mark.clause("9.1")
DEFINITIONS = Path(__file__).parent / "definitions.json"


def test_every_figure_of_the_catalogue_is_declared_or_waits_and_never_both() -> None:
    declared = measures().keys() & kpis().keys()
    assert declared | WAITING.keys() == kpis().keys()
    assert not declared & WAITING.keys()


def test_what_waits_for_a_kind_of_record_waits_for_one_that_is_not_there() -> None:
    there = {kind.name for kind in kinds()}
    assert {kpi: kind for kpi, kind in WAITING.items() if kind in there} == {}


def test_a_declared_figure_agrees_with_the_catalogue() -> None:
    for name in measures().keys() & kpis().keys():
        measure, kpi = measures()[name], kpis()[name]
        assert (measure.process, measure.unit, measure.direction) == (kpi.process, kpi.unit, kpi.direction), name


def test_every_measure_says_who_answers_for_it_and_how_it_is_counted_in_both_languages() -> None:
    for measure in measures().values():
        assert process_of(measure) is processes()[measure.process]
        for language in ("en", "zh-hans"):
            with translation.override(language):
                assert str(measure.formula)
                assert str(measure.title)
                assert str(owner_title(measure))


def test_names_are_told_once() -> None:
    names = [measure.name for measure in collect("measures", Measure)]
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_every_field_that_a_measure_reads_is_told_by_the_ledger() -> None:
    """Else its past could not be known, nor could it be counted over the lake."""
    period = Period.last(30, until=datetime(2026, 6, 1, tzinfo=UTC))
    for measure in measures().values():
        kind = kind_named(measure.kind)
        asked = asking(measure, lists.parameters(measure, period, {}), period.end)
        for name in (*asked.fields, *measure.dimensions):
            assert is_told(kind, name), (measure.name, name)
            assert name not in personal_names(kind), (measure.name, name)
        assert set(measure.kept_by) <= set(measure.dimensions)


def test_whoever_changes_what_is_counted_raises_the_version() -> None:
    """Snapshots say by which version they were taken; write the new digest here together with the new version."""
    known = json.loads(DEFINITIONS.read_text())
    assert known == {name: [measure.version, digest(measure)] for name, measure in sorted(measures().items())}
