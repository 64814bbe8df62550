"""What a measure counts, as plain data: shown to people, kept with snapshots, and the same for every engine."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from gnomon.evaluation.asking import stands_of
from gnomon.records.conditions import Conditional
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.canonical import canonical
from gnomon.standard.plugs import Measure


def definition(measure: Measure) -> dict[str, Any]:
    """All that decides a figure of the measure, and nothing that does not."""
    value = measure.value
    stands = asdict(stands_of(measure)) if measure.standing else None
    return {
        "kind": measure.kind,
        "at": measure.at,
        "among": dict(measure.among),
        "holds": dict(measure.holds),
        "how": measure.how,
        "standing": stands and {"start": stands["start"], "ends": list(stands["ends"])},
        "conditions": _conditions(measure),
        "value": value and {"is": type(value).__name__.lower(), **asdict(value)},
        "scale": measure.scale,
        "unit": measure.unit,
    }


def digest(measure: Measure) -> str:
    """Tells two definitions apart: the first sixteen digits of the SHA-256 of what decides the figure."""
    return hashlib.sha256(canonical(definition(measure))).hexdigest()[:16]


def _conditions(measure: Measure) -> dict[str, Any]:
    """What the lenses mean that the measure asks by name."""
    lenses, found = kind_named(measure.kind).lenses, {}
    for name in (*measure.among, *measure.holds):
        lens = lenses.get(name)
        if isinstance(lens, Conditional):
            condition = lens.condition
            found[name] = {"is": type(condition).__name__.lower(), **asdict(condition)}
    return found
