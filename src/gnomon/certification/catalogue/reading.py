"""Read the catalogue files, once and when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gnomon.certification.catalogue.shapes import (
    Catalogue,
    Clause,
    EvidenceRule,
    Interval,
    Requirement,
    Semantics,
    Words,
)
from gnomon.standard.plugs import Limit

FOLDER = Path(__file__).parent
EDITION = "iso-20000-1-2018"
# The C loader reads the 400 kB in 0.15 s, the Python one in a second; both give the same.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def catalogue(edition: str = EDITION) -> Catalogue:
    """The requirements of an edition; parsed at the first call."""
    return as_catalogue(_parsed(edition))


@cache
def semantics() -> Semantics:
    """Labels and planned intervals that all editions share."""
    return as_semantics(_parsed("semantics"))


def as_catalogue(table: Mapping[str, Any]) -> Catalogue:
    """A catalogue from the plain data of its file; KeyError when a part is missing."""
    return Catalogue(
        id=table["id"],
        edition=table["edition"],
        amendment=table["amendment"],
        groups={number: _words(title) for number, title in table["groups"].items()},
        sources={name: _words(title) for name, title in table["sources"].items()},
        clauses=tuple(_clause(row) for row in table["clauses"]),
    )


def as_semantics(table: Mapping[str, Any]) -> Semantics:
    """Semantics from the plain data of its file."""
    return Semantics(
        labels={
            vocabulary: {word: _words(says) for word, says in words.items()}
            for vocabulary, words in table["vocab"].items()
        },
        intervals={
            row["activity"]: Interval(
                activity=row["activity"],
                clause=row["clause"],
                title=_words(row),
                days=row["default_days"],
                tolerance=row["tolerance_days"],
                required=row["required_by_standard"],
            )
            for row in table["planned_intervals"]
        },
    )


def _parsed(name: str) -> Mapping[str, Any]:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Any] = yaml.load(text, Loader=LOADER)  # noqa: S506  # a safe loader either way
    return table


def _words(row: Mapping[str, Any]) -> Words:
    return Words(en=row["en"], zh=row["zh"])


def _clause(row: Mapping[str, Any]) -> Clause:
    return Clause(
        id=row["id"],
        title=_words(row["title"]),
        pdca=row["pdca"],
        requirements=tuple(_requirement(row["id"], each) for each in row["requirements"]),
    )


def _requirement(clause: str, row: Mapping[str, Any]) -> Requirement:
    return Requirement(
        id=row["id"],
        ref=row["ref"],
        clause=clause,
        text=_words(row["text"]),
        kind=row["kind"],
        documented=row["documented"],
        frequency=row["frequency"],
        level=row["level"],
        rules=tuple(_rule(row["id"], position, each) for position, each in enumerate(row["evidence"], 1)),
        nonconformities=tuple(_words(each) for each in row["typical_nonconformities"]),
        interval=row.get("interval_activity", ""),
        basis=row.get("basis", ""),
    )


def _rule(requirement: str, position: int, row: Mapping[str, Any]) -> EvidenceRule:
    return EvidenceRule(
        requirement=requirement,
        position=position,
        source=row["source"],
        says=Words(en=row["rule"], zh=row["rule_zh"]),
        population=row["population"],
        window=row["window"],
        threshold=row["threshold"],
        on_empty=row["on_empty"],
        weight=row["weight"],
        limits=tuple(Limit(float(each["value"]), each["unit"]) for each in row.get("parameters", ())),
    )
