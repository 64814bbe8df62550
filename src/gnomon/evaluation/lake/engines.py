"""The engines that answer from a lake: DuckDB in this process, or Spark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from gnomon.evaluation.asking import Asking, Meets, asking, others_of
from gnomon.evaluation.lake.manifest import LakeBroken, check_files, read_manifest
from gnomon.evaluation.periods import STEPS, buckets, cut_to_millisecond
from gnomon.evaluation.queries import dimensions, lists
from gnomon.evaluation.queries.lists import Within
from gnomon.evaluation.queries.measures import Evaluation, Group, check_dimension, measure_named, whole_past
from gnomon.jobs.moments import milliseconds
from gnomon.records.kinds import kind_named
from gnomon.standard.expressions import Has
from gnomon.standard.periods import Period
from gnomon.standard.plugs import Measure

ENGINES = ("lake", "spark")


def evaluate_in(
    engine: str, folder: str | Path, name: str, period: Period | None = None, by: str = "", *,
    within: Within | None = None, as_of: datetime | None = None, now: datetime | None = None, session: Any = None,
) -> Evaluation:  # fmt: skip
    """What a measure says of a period by a lake; the same as `evaluate` says by the database, of what was exported.

    LakeBroken when the folder is no lake or was altered, or when the engine is not installed. A `session` of Spark
    that stands already is used and left standing.
    """
    measure = measure_named(name)
    check_dimension(measure, by)
    now = cut_to_millisecond(now or datetime.now(UTC))
    period = period or whole_past(measure, now=as_of or now)
    at = lists.stands_at(period, as_of or now)
    then = as_of or (at if measure.is_of_register and at < now else None)
    with tables_of(engine, Path(folder), measure, session=session) as facts:
        answer = _Answer(facts, measure, within or {}, as_of or now, then)
        if by in STEPS:
            cut = buckets(period, by)
            groups = [Group(each.key, each.title, answer.figure(each.period), "") for each in cut]
        else:
            groups = answer.groups(period, by) if by else []
        return Evaluation(measure, period, answer.figure(period), "", by, groups)


class _Answer:
    def __init__(
        self, facts: Mapping[str, Any], measure: Measure, within: Within, now: datetime, then: datetime | None
    ) -> None:
        self.facts, self.measure, self.within, self.now, self.then = facts, measure, within, now, then

    def figure(self, period: Period) -> Any:
        return self._lake(period).figure(self._asked(period))

    def groups(self, period: Period, by: str) -> list[Group]:
        found = self._lake(period).figures_by(self._asked(period), by)
        field: Any = kind_named(self.measure.kind).model._meta.get_field(by)
        if field.get_internal_type() == "BooleanField":
            found = {None if key is None else key == "true": figure for key, figure in found.items()}
        named = dimensions.ordered(field, found, "number")
        return [Group(value.key, value.title, figure, "") for value, figure in named]

    def _lake(self, period: Period) -> Any:
        then = self.then
        if self.measure.is_of_register:
            end = lists.stands_at(period, self.now)
            then = end if then is not None or end < self.now else None
        return _tables().Lake(self.facts, None if then is None else milliseconds(then))

    def _asked(self, period: Period) -> Asking:
        given = lists.parameters(self.measure, period, self.within, self.now)
        return asking(self.measure, given, lists.stands_at(period, self.now))


@contextmanager
def tables_of(engine: str, folder: Path, measure: Measure, *, session: Any = None) -> Iterator[Mapping[str, Any]]:
    """The facts that a measure needs as tables of an engine, by kind; their files are checked first."""
    manifest = read_manifest(folder)
    names = kinds_read(measure)
    files = {name: manifest.of("facts", [name]) for name in names}
    check_files(folder, [file for some in files.values() for file in some])
    paths = {name: [str((folder / file.path).resolve()) for file in some] for name, some in files.items() if some}
    if engine == "lake":
        yield _tables().in_duckdb(paths)
    elif engine == "spark":
        with _spark(session) as running:
            yield _tables().in_spark(running, paths)
    else:
        says = _("There is no engine “%(engine)s”. Engines: %(known)s.")
        raise LakeBroken(says % {"engine": engine[:80], "known": ", ".join(ENGINES)})


def kinds_read(measure: Measure) -> Sequence[str]:
    """The kinds whose facts a measure reads: its own, and those that its conditions look for."""
    moment_ = datetime.now(UTC)
    asked = asking(measure, lists.parameters(measure, Period(moment_, moment_), {}), moment_)
    found = {measure.kind: None}
    for test in (*asked.tests, *asked.holds):
        if isinstance(test, Meets) and isinstance(test.condition, Has):
            found[others_of(test.condition, test.at)[0].name] = None
    return tuple(found)


@contextmanager
def _spark(session: Any) -> Iterator[Any]:
    if session is not None:
        yield session
        return
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _missing("spark") from None
    builder: Any = SparkSession.builder
    session = builder.appName("gnomon").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def _tables() -> Any:
    try:
        from gnomon.evaluation.lake import tables
    except ImportError:
        raise _missing("lake") from None
    return tables


def _missing(extra: str) -> LakeBroken:
    says = _("This engine is not installed. Install it with: pip install 'gnomon[%(extra)s]'.")
    return LakeBroken(says % {"extra": extra})
