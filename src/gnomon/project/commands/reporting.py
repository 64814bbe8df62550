"""report: a dashboard as PDF or XLSX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gnomon.project.commands.saying import actor_named, begin, named_values, refuse


def add_to(app: typer.Typer) -> None:
    app.command("report")(report)


def report(
    dashboard: Annotated[str, typer.Argument(help="desk, process, service or management.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    form: Annotated[str, typer.Option("--format", help="pdf or xlsx; by the name of the file when left out.")] = "",
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
    period: Annotated[str, typer.Option(help="7, 30, 90, month or all days.")] = "",
    start: Annotated[str, typer.Option("--from", help="First day, as 2026-01-01.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last day.")] = "",
    where: Annotated[
        list[str] | None, typer.Option(help="Narrow or choose, as service=SVC-000001 or process=incident_management.")
    ] = None,
    at: Annotated[str, typer.Option(help="As of this moment, as 2026-04-01T08:00:00+08:00; now when left out.")] = "",
    acting: Annotated[str, typer.Option("--as", help="As this person would see it; everything when left out.")] = "",
) -> None:
    """Write a dashboard as PDF or XLSX.

    Example: gnomon report management --from 2026-01-01 --to 2026-03-31 --language zh --out q1.pdf
    """
    begin()
    from django.utils import translation

    from gnomon.evaluation.periods import PeriodUnclear, moment_named
    from gnomon.evaluation.reports.making import FORMS, board_named, check_form, report_of

    form = form or out.suffix.lstrip(".").lower()
    given = {"period": "custom" if start or end else period, "from": start, "to": end}
    given |= named_values(where, "service=SVC-000001")
    with translation.override("zh-hans" if language.startswith("zh") else "en"):
        check_form(form)
        try:
            now = moment_named(at) if at else None
        except PeriodUnclear as unclear:
            refuse(str(unclear))
        made = report_of(board_named(dashboard), actor_named(acting), {k: v for k, v in given.items() if v}, now)
        out.write_bytes(FORMS[form][1](made))
    typer.echo(f"Written to {out}.")
