"""conformity: what the records prove."""

from __future__ import annotations

from typing import Annotated

import typer

from gnomon.project.commands.saying import begin, print_json, print_table, refuse


def add_to(app: typer.Typer) -> None:
    app.command("conformity")(conformity)


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
    from gnomon.governance.sealing.standing import warning

    try:
        moment = moment_asked(as_of) if as_of else None
        lines = assess(moment, clause)
    except (ValueError, LookupError) as error:
        refuse(str(error.args[0]) if error.args else str(error))
    if unproven := warning():
        typer.echo(unproven, err=True)  # what is printed stays for machines
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
