"""configuration export, import: how an installation is set up, as one readable file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse

configuration = typer.Typer(help="The configuration as one readable file.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(configuration, name="configuration")


@configuration.command("export")
def export_configuration(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; to the terminal when left out.")] = None,
    part: Annotated[list[str] | None, typer.Option(help="Only this part, as custom_field; may be repeated.")] = None,
    as_person: Annotated[str, typer.Option("--as", help="Who exports: username or number.")] = "",
) -> None:
    """Write the configuration; the same configuration is always the same bytes.

    Example: gnomon configuration export ours.yaml
    """
    begin()
    from gnomon.records.configuring.declared import section_of, sections
    from gnomon.records.configuring.writing import configuration_text

    for name in part or ():
        if section_of(name) is None:
            refuse(f"There is no part “{name}”. The parts are: {', '.join(one.kind for one in sections())}.")
    text = configuration_text(actor_named(as_person), tuple(part or ()))
    if file is None:
        typer.echo(text, nl=False)
        return
    file.write_text(text, encoding="utf-8")
    typer.echo(f"Written to {file}.")


@configuration.command("import")
def import_configuration(
    file: Annotated[Path, typer.Argument(help="A configuration file, whole or in part.")],
    apply: Annotated[bool, typer.Option("--apply", help="Do it; else only tell what it would do.")] = False,
    as_person: Annotated[str, typer.Option("--as", help="Who imports: username or number.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Tell what a configuration file would do; with --apply, do it in one transaction. Exit 1 when it has faults.

    Example: gnomon configuration import ours.yaml --apply --as olga
    """
    begin()
    from gnomon.records.configuring.plan import apply_configuration, plan_of
    from gnomon.records.configuring.reading import read_configuration
    from gnomon.records.configuring.telling import plan_as_plain

    if not file.is_file():
        refuse(f"There is no file “{file}”. Check the path.")
    read, by = read_configuration(file.read_bytes(), file.name), actor_named(as_person)
    plan = apply_configuration(read, by=by) if apply else plan_of(read, by=by)
    if as_json:
        print_json(plan_as_plain(plan))
    else:
        _tell(plan, apply)
    raise typer.Exit(1 if plan.faults else 0)


def _tell(plan: Any, applied: bool) -> None:
    for fault in plan.faults:
        typer.echo(f"Line {fault.line}: {fault.says}", err=True)
    rows = [
        (step.what, step.section, step.key, ", ".join(one.name for one in step.differences) or None, step.waits or None)
        for step in plan.steps
        if step.what != "same"
    ]
    if rows:
        print_table(("what", "part", "item", "facts", "note"), rows)
    counts = plan.counts
    told = f"{counts['added']} added, {counts['changed']} changed, {counts['same']} the same"
    told += f", {counts['left']} here and not in the file"
    if plan.faults:
        typer.echo(f"Nothing was done: {len(plan.faults)} faults. {told}.")
    else:
        typer.echo(f"Done: {told}." if applied else f"It would be: {told}. Add --apply to do it.")
