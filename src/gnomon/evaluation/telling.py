"""Measures as plain data, the same for the command line and REST (9.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gnomon.evaluation.catalogue import owner_title, process_of
from gnomon.evaluation.definitions import definition, digest
from gnomon.evaluation.figures import figure_told
from gnomon.evaluation.lake.engines import evaluate_in
from gnomon.evaluation.periods import STEPS, moment_named, period_named
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.queries.measures import Group, evaluate, measure_named, measures, whole_past
from gnomon.jobs.moments import written
from gnomon.records.kinds import kind_named
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor, Measure


def readable(person: Actor) -> list[Measure]:
    """The measures of records that a person may read, as they are declared."""
    return [measure for measure in measures().values() if may(person, "read", kind_named(measure.kind))]


def described(measure: Measure) -> dict[str, Any]:
    """What a measure is: its process and owner, formula, unit, target and population."""
    process = process_of(measure)
    return {
        "measure": measure.name,
        "title": str(measure.title),
        "process": measure.process,
        "process_title": str(process.title),
        "clauses": list(process.clauses),
        "owner": str(owner_title(measure)),
        "formula": str(measure.formula),
        "unit": measure.unit,
        "direction": measure.direction,
        "target": measure.target,
        "aim": str(measure.aim),
        "dimensions": list(measure.dimensions),
        "kept_by": list(measure.kept_by),
        "version": measure.version,
        "definition": digest(measure),
        "population": definition(measure),
    }


def report(
    name: str, start: str = "", end: str = "", by: str = "", *, as_of: str = "", within: Within | None = None,
    engine: str = "", lake: str = "",
) -> dict[str, Any]:  # fmt: skip
    """A measure of a period as plain data, from the database or, by an `engine`, from a lake.

    ValueError when a date is none or the lake cannot answer, LookupError when there is no such measure or
    dimension; both are sentences.
    """
    measure = measure_named(name)
    past = whole_past(measure)
    then = moment_named(as_of) if as_of else None
    until = moment_named(end) if end else (past.end if then is None else then)
    since = moment_named(start) if start else min(past.start, until)
    period = period_named(since, until)
    found = (
        evaluate_in(engine, lake, name, period, by, within=within, as_of=then)
        if engine
        else evaluate(name, period, by, within=within, as_of=then)
    )
    told: dict[str, Any] = {
        "measure": measure.name,
        "title": str(measure.title),
        **figure_told(measure.how, found.figure),
        "unit": measure.unit,
        "from": written(found.period.start),
        "to": written(found.period.end),
        **({"as_of": written(then)} if then else {}),
        "direction": measure.direction,
        "target": measure.target,
        "owner": str(owner_title(measure)),
        "formula": str(measure.formula),
        "version": measure.version,
        "list": found.url,
    }
    if by:
        told["by"] = by
        told["groups"] = [
            {"key": group.key, "title": str(group.title), **figure_told(measure.how, group.figure), "list": group.url}
            for group in _seen(found.groups, trim=by in STEPS and not (start and end))
        ]
    return told


def _seen(groups: Sequence[Group], *, trim: bool) -> Sequence[Group]:
    """Without the empty months before and after all records, when nobody asked for them."""
    full = [at for at, group in enumerate(groups) if group.figure.count] if trim else []
    return groups[full[0] : full[-1] + 1] if full else groups
