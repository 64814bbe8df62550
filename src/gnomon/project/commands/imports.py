"""import: bring an old log along."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse


class Source(StrEnum):
    """What the file is."""

    SERVICENOW = "servicenow"
    CSV = "csv"
    XES = "xes"
    OCEL = "ocel"


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_)


def import_(
    source: Annotated[Source, typer.Argument(help="What the file is.")],
    file: Annotated[Path, typer.Argument(help="The file; .gz, .zst and .zip are read as they are.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Find what is wrong, write nothing.")] = False,
    mapping: Annotated[str, typer.Option(help="A saved mapping's name, or a mapping file (YAML).")] = "",
    kind: Annotated[str, typer.Option(help="The kind of record, for csv, xes and ocel.")] = "incident",
    time_zone: Annotated[str, typer.Option(help="Zone of times without one, as Asia/Shanghai.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Refuse the whole file when a row is wrong.")] = False,
    as_person: Annotated[str, typer.Option("--as", help="Who imports: username or number.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Import records with their history; repeated or interrupted runs go on where they stopped.

    Example: gnomon import servicenow incident_event_log.csv --dry-run
    """
    begin()
    from gnomon.integrations.actions import import_file

    if not file.is_file():
        refuse(f"There is no file “{file}”. Check the path.")
    with _progress(as_json) as told:
        report = import_file(
            file, preset=source.value, mapping=mapping or None, kind=kind, time_zone=time_zone or None,
            by=actor_named(as_person), dry_run=dry_run, strict=strict, progress=told,
        )  # fmt: skip
    if as_json:
        print_json(report)
    else:
        _tell(report)
    if report.get("state") == "refused":
        raise typer.Exit(2)


def _tell(report: dict[str, Any]) -> None:
    findings = report.get("findings", [])
    if findings:
        rows = [[f.get("row"), f.get("column"), f.get("severity"), f.get("says")] for f in findings[:50]]
        print_table(("row", "column", "severity", "finding"), rows)
        if len(findings) > 50:
            typer.echo(f"… and {len(findings) - 50} more; --json shows all.")
    for name, value in report.items():
        if name != "findings" and not isinstance(value, dict | list):
            typer.echo(f"{name}: {value}")


class _progress:
    """A bar on the terminal, nothing in a pipe or with --json."""

    def __init__(self, silent: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, disable=silent or not console.is_terminal,
        )  # fmt: skip
        self.task = self.bar.add_task("rows", total=None)

    def __enter__(self) -> Any:
        self.bar.start()
        return lambda done, total: self.bar.update(self.task, completed=done, total=total)

    def __exit__(self, *_error: object) -> None:
        self.bar.stop()
