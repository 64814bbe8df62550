"""compare: what changed between two periods, and how certain that is."""

from __future__ import annotations

from typing import Annotated

import typer

from gnomon.project.commands.measuring import Where, parts_of
from gnomon.project.commands.saying import begin, print_json, print_table, refuse


def add_to(app: typer.Typer) -> None:
    app.command("compare")(compare)


def compare(
    name: Annotated[str, typer.Argument(help="A measure, as incident_mttr.")],
    before: Annotated[str, typer.Option(help="The first period, as 2026-01-01..2026-04-01.")] = "",
    after: Annotated[str, typer.Option(help="The second period, written alike.")] = "",
    where: Where = None,
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Compare two periods of a measure, with a confidence interval.

    Example: gnomon compare incident_mttr --before 2026-01-01..2026-04-01 --after 2026-04-01..2026-07-01
    """
    begin()
    from django.utils import translation

    from gnomon.evaluation.comparing_plain import comparison_told

    within = parts_of(where)
    with translation.override("zh-hans" if language.startswith("zh") else "en"):
        try:
            told = comparison_told(name, before, after, within)
        except (ValueError, LookupError) as error:
            refuse(str(error.args[0]) if error.args else str(error))
    if as_json:
        print_json(told)
        return
    sides = [("before", told["before"]), ("after", told["after"])]
    print_table(
        ("", "from", "to", told["unit"], "records"),
        [[which, side["from"], side["to"], side["value"], side["count"]] for which, side in sides],
    )
    for line in (*told["says"], *told["warnings"]):
        typer.echo(line)
