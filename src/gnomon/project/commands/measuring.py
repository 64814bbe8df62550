"""measures, measure, snapshots: how well the service does, now and day by day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from gnomon.project.commands.saying import Bar, actor_named, begin, named_values, print_json, print_table, refuse

snapshots = typer.Typer(help="What measures said day by day: show it, take it, fill it in.", no_args_is_help=True)

Who = Annotated[str, typer.Option("--as", help="Who asks: username or number.", envvar="GNOMON_PERSON")]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]
Where = Annotated[list[str] | None, typer.Option(help="Narrow the records, as service=SVC-000001; may be repeated.")]


def add_to(app: typer.Typer) -> None:
    app.command("measures")(measures)
    app.command("measure")(measure)
    app.add_typer(snapshots, name="snapshots")


def measures(as_person: Who = "", as_json: Json = False) -> None:
    """List the measures: what they count, who answers for them, and their targets.

    Example: gnomon measures --json
    """
    begin()
    from gnomon.evaluation.telling import described, readable

    told = [described(one) for one in readable(actor_named(as_person))]
    if as_json:
        print_json(told)
        return
    names = ("measure", "process", "owner", "unit", "direction", "target", "formula")
    print_table(names, [[one[name] for name in names] for one in told])


def measure(
    name: Annotated[str, typer.Argument(help="A measure, as incident_mttr; “gnomon measures” lists them.")],
    start: Annotated[str, typer.Option("--from", help="First day, as 2026-01-01; the whole past when left out.")] = "",
    end: Annotated[str, typer.Option("--to", help="Day after the last; now when left out.")] = "",
    by: Annotated[str, typer.Option(help="A dimension, as priority, team or month.")] = "",
    as_of: Annotated[str, typer.Option(help="A past moment: what was known then, by the ledger.")] = "",
    where: Where = None,
    engine: Annotated[str, typer.Option(help="lake or spark: from the Parquet files of “gnomon lake export”.")] = "",
    lake: Annotated[str, typer.Option(help="Their folder.")] = "",
    as_person: Who = "",
    as_json: Json = False,
) -> None:
    """Compute a measure over a period.

    Example: gnomon measure incident_mttr --from 2026-01-01 --to 2026-04-01 --by priority --json
    """
    begin()
    from gnomon.evaluation.telling import report

    if bool(engine) != bool(lake):
        refuse("An engine needs a lake, and a lake an engine: --engine lake --lake /data/lake.")
    try:
        _readable(name, as_person)
        told = report(name, start, end, by, as_of=as_of, within=narrowed(name, where), engine=engine, lake=lake)
    except (ValueError, LookupError) as error:
        refuse(str(error.args[0]) if error.args else str(error))
    if as_json:
        print_json(told)
        return
    print_table(("", ""), [[key, value] for key, value in told.items() if not isinstance(value, list | dict)])
    groups = told.get("groups") or []
    if groups:
        names = list(groups[0])
        print_table(names, [[group.get(name) for name in names] for group in groups])


@snapshots.command()
def show(
    name: Annotated[str, typer.Argument(help="A measure, as incident_mttr.")],
    start: Annotated[str, typer.Option("--from", help="First day, as 2026-01-01.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last day.")] = "",
    by: Annotated[str, typer.Option(help="A dimension that snapshots are kept by, as team.")] = "",
    key: Annotated[str, typer.Option(help="A value of it, as TEAM-000001, or none.")] = "",
    as_person: Who = "",
    as_json: Json = False,
) -> None:
    """Show what a measure said day by day, as it said it.

    Example: gnomon snapshots show incident_backlog --from 2026-01-01 --by team --key TEAM-000001
    """
    begin()
    from gnomon.evaluation.queries import snapshots as kept
    from gnomon.evaluation.queries.measures import check_dimension

    try:
        found = _readable(name, as_person)
        check_dimension(found, by)
    except LookupError as error:
        refuse(str(error.args[0]))
    first, last = (_day(text) if text else None for text in (start, end))
    told = [each.as_json() for each in kept.series(found, first, last, by, key)]
    if as_json:
        print_json(told)
        return
    names = ("day", "value", "count", "part", "median", "p90", "version", "taken_at")
    print_table(names, [[one[name] for name in names] for one in told])


@snapshots.command()
def take(as_json: Json = False) -> None:
    """Take the snapshots that are due, as the worker does every hour.

    Example: gnomon snapshots take
    """
    begin()
    from gnomon.evaluation.actions import take_due_snapshots

    _made(take_due_snapshots(), as_json)


@snapshots.command()
def fill(as_json: Json = False) -> None:
    """Count all records anew for dashboards, which put their figures together from what was counted.

    The worker does so by itself once a day, and every minute for the records that changed.

    Example: gnomon snapshots fill
    """
    begin()
    from gnomon.evaluation.actions import amend_tallies

    _made(amend_tallies(anew=True), as_json)


@snapshots.command()
def backfill(
    start: Annotated[str, typer.Option("--from", help="First day, as 2026-01-01.")],
    end: Annotated[str, typer.Option("--to", help="Last day; yesterday when left out.")] = "",
    only: Annotated[list[str] | None, typer.Option("--measure", help="Only this measure; may be repeated.")] = None,
    then: Annotated[bool, typer.Option("--then", help="By what the ledger had told at the end of each day.")] = False,
    as_json: Json = False,
) -> None:
    """Take the snapshots of past days that have none; days that were taken stay as they are.

    They say what the records say now of those days; with --then, what was known then. May be run again at any time.

    Example: gnomon snapshots backfill --from 2026-01-01 --to 2026-03-31
    """
    begin()
    from datetime import timedelta

    from django.utils import timezone

    from gnomon.evaluation.actions import backfill_snapshots
    from gnomon.evaluation.queries.measures import measure_named

    first = _day(start)
    last = _day(end) if end else timezone.localdate() - timedelta(days=1)
    try:
        names = [measure_named(name).name for name in only or ()]
        with Bar("days", max((last - first).days + 1, 0), silent=as_json) as done:
            made = backfill_snapshots(first, last, names=names, then=then, progress=done)
    except (ValueError, LookupError) as error:
        refuse(str(error.args[0]))
    _made(made, as_json)


def narrowed(name: str, where: list[str] | None) -> dict[str, list[str]]:
    """`name=value` words as list parameters; refused when they are none of the measure's dimensions."""
    from gnomon.evaluation.queries.measures import check_narrowing, measure_named

    within = parts_of(where)
    check_narrowing(measure_named(name), within)
    return within


def parts_of(where: list[str] | None) -> dict[str, list[str]]:
    """`name=value` words as list parameters, those of one name together."""
    within: dict[str, list[str]] = {}
    for part, value in named_values(where, "service=SVC-000001"):
        within.setdefault(part, []).append(value)
    return within


def _readable(name: str, as_person: str) -> Any:
    """The measure, if whoever asks may read what it counts."""
    from gnomon.evaluation.queries.measures import measure_named
    from gnomon.records.kinds import kind_named
    from gnomon.records.permissions import require

    measure = measure_named(name)
    require(actor_named(as_person), "read", kind_named(measure.kind))
    return measure


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse(f"“{text}” is no day; write it as 2026-01-31.")


def _made(rows: int, as_json: bool) -> None:
    if as_json:
        print_json({"rows": rows})
    else:
        typer.echo(f"{rows} rows kept.")
