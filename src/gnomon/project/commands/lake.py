"""lake export, lake verify: the ledger as Parquet files for engines of any size."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gnomon.project.commands.saying import Bar, begin, print_json, refuse

lake = typer.Typer(help="The ledger as Parquet files: export it, check it.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="The folder of the lake.")]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(lake, name="lake")


@lake.command()
def export(folder: Folder, as_json: Json = False) -> None:
    """Seal the ledger and add to the lake all that it does not have yet; may be interrupted and run again.

    Exit 1 when entries were left out because the ledger does not verify them.

    Example: gnomon lake export /data/lake
    """
    begin()
    exporting = _with_parquet("exporting")
    from gnomon.evaluation.lake.manifest import LakeBroken
    from gnomon.records.ledger.merkle import LedgerBroken
    from gnomon.records.ledger.seal import seal_ledger
    from gnomon.records.models import Leaf

    try:
        seal_ledger(sweep=True)
        newest = Leaf.objects.order_by("-position").values_list("position", flat=True).first()
        with Bar("entries", 0 if newest is None else newest + 1, silent=as_json) as done:
            exported = exporting.export_ledger(folder, progress=done)
    except (LakeBroken, LedgerBroken) as error:
        refuse(str(error))
    told = exported.as_json()
    if as_json:
        print_json(told)
    else:
        typer.echo(
            f"{exported.entries} entries in {exported.files} new files; the lake reaches entry {told['leaves']}."
        )
        if told["left_out"]:
            typer.echo(f"{len(told['left_out'])} entries were left out. Run “gnomon ledger verify”.", err=True)
    raise typer.Exit(1 if told["left_out"] else 0)


@lake.command()
def verify(folder: Folder, as_json: Json = False) -> None:
    """Check files, entries and the root of the tree; exit 1 when the lake is not what was written.

    Example: gnomon lake verify /data/lake --json
    """
    begin()
    checking = _with_parquet("checking")
    from gnomon.evaluation.lake.manifest import LakeBroken

    try:
        manifest = checking.verify_lake(folder)
    except LakeBroken as error:
        if as_json:
            print_json({"whole": False, "says": str(error)})
        else:
            typer.echo(str(error))
        raise typer.Exit(1) from None
    told = {"whole": True, "entries": manifest.entries, "leaves": manifest.leaves, "root": manifest.root}
    if as_json:
        print_json(told)
    else:
        typer.echo(f"The lake is whole: {manifest.entries} entries, root {manifest.root}.")


def _with_parquet(module: str) -> Any:
    from importlib import import_module

    try:
        return import_module(f"gnomon.evaluation.lake.{module}")
    except ImportError:
        refuse("The lake needs what is not installed. Install it with: pip install 'gnomon[lake]'.")
