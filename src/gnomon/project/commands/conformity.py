"""conformity, measure: what the records prove, and how well the service does."""

from __future__ import annotations

from typing import Annotated

import typer

from gnomon.project.commands.saying import begin, print_json, print_table, refuse


def add_to(app: typer.Typer) -> None:
    app.command("conformity")(conformity)
    app.command("measure")(measure)


def conformity(
    clause: Annotated[str, typer.Option(help="A clause or requirement, as 8.6.1 or 8.6.1-b.")] = "",
    as_of: Annotated[str, typer.Option(help="A past date, as 2026-03-31.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Say of each requirement whether the records prove it.

    Example: gnomon conformity --clause 8.6.1 --as-of 2026-03-31 --json
    """
    begin()
    from gnomon.certification.queries.conformity import conformity as assess
    from gnomon.certification.queries.conformity import moment_asked

    try:
        moment = moment_asked(as_of) if as_of else None
        lines = assess(moment, clause)
    except (ValueError, LookupError) as error:
        refuse(str(error.args[0]) if error.args else str(error))
    if as_json:
        print_json(lines)
        return
    rows = [
        [
            line["requirement"],
            line["status"],
            line["seen"],
            len(line["late"]),
            len(line["failed"]),
            line.get("title", ""),
        ]
        for line in lines
    ]
    print_table(("requirement", "status", "seen", "late", "failed", "what it asks"), rows)


def measure(
    name: Annotated[str, typer.Argument(help="A measure, as incident_mttr.")],
    start: Annotated[str, typer.Option("--from", help="First day, as 2026-01-01; the whole past when left out.")] = "",
    end: Annotated[str, typer.Option("--to", help="Day after the last; now when left out.")] = "",
    by: Annotated[str, typer.Option(help="A dimension, as priority, team or month.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Compute a measure over a period.

    Example: gnomon measure incident_mttr --from 2026-01-01 --to 2026-04-01 --by priority --json
    """
    begin()
    from gnomon.evaluation.queries.measures import report

    try:
        told = report(name, start, end, by)
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
