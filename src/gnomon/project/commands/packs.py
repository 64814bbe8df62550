"""pack make, verify: what an auditor takes home, and whether it still is what was handed over."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from gnomon.project.commands.saying import actor_named, begin, print_json, refuse

packs = typer.Typer(help="Audit packs: make one, verify one.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(packs, name="pack")


@packs.command("make")
def make_one(
    file: Annotated[Path, typer.Argument(help="Where to write the pack (ZIP).")],
    start: Annotated[str, typer.Option("--from", help="First day, as 2026-01-01.")],
    end: Annotated[str, typer.Option("--to", help="Last day, as 2026-03-31.")],
    clause: Annotated[list[str] | None, typer.Option(help="A clause or requirement; all when left out.")] = None,
    service: Annotated[list[str] | None, typer.Option(help="A service, as SVC-000001; all when left out.")] = None,
    seed: Annotated[str, typer.Option(help="Seed of the samples; drawn by lot when left out.")] = "",
    sample: Annotated[int, typer.Option(help="Records in a sample.")] = 25,
    known: Annotated[list[int] | None, typer.Option(help="Size of a checkpoint that the auditor knows.")] = None,
    for_whom: Annotated[str, typer.Option("--for", help="Who gets it.")] = "",
    purpose: Annotated[str, typer.Option(help="What for.")] = "",
    names: Annotated[bool, typer.Option(help="People by name, or by number alone.")] = True,
    by: Annotated[str, typer.Option(help="Who orders it: username or number.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Order an audit pack, make it at once, and write it to a file.

    Example: gnomon pack make q1.zip --from 2026-01-01 --to 2026-03-31 --clause 8.6 --seed 20260415
    """
    begin()
    from rich.progress import Progress as Bar

    from gnomon.certification import actions
    from gnomon.certification.packing import path_of

    ordered = actions.order_pack(
        by=actor_named(by), first_day=_day(start), last_day=_day(end), clauses=clause or [], services=service or [],
        seed=seed, sample_size=sample, known=known or [], for_whom=for_whom, purpose=purpose, names=names,
    )  # fmt: skip
    with Bar(transient=True, disable=as_json) as bar:
        task = bar.add_task("…", total=None)
        made = actions.make_pack(
            ordered, lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total)
        )
    if made.status != "made":
        refuse(f"{made.number} could not be made. gnomon show {made.number} says why.")
    shutil.copyfile(path_of(made.digest), file)
    told = {"number": made.number, "file": str(file), "sha256": made.digest, "size": made.size, "seed": made.seed,
            "run": made.run, "checkpoint": f"{made.checkpoint}:{made.root}"}  # fmt: skip
    if as_json:
        print_json(told)
        return
    typer.echo(f"{made.number} is written to {file} ({made.size} bytes).")
    typer.echo(f"SHA-256 {made.digest}; it stands in the ledger. Seed {made.seed}, {made.run}.")
    typer.echo(f"Check it with: gnomon pack verify {file}")


@packs.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A pack: the ZIP file, or the folder that it was unpacked to.")],
    key: Annotated[list[str] | None, typer.Option(help="A public key that you trust, or its id.")] = None,
    root: Annotated[str, typer.Option(help="SIZE:ROOT of the ledger that you noted earlier.")] = "",
    each: Annotated[bool, typer.Option("--list", help="Name every record that is proved.")] = False,
) -> None:
    """Check a pack as the verifier inside it does; exit 0 when it holds, 1 when it does not, 2 when it is none.

    Nothing of the pack is run, and no database is needed.

    Example: gnomon pack verify q1.zip --key 1f0c9a6b52d7e384
    """
    from gnomon.certification.pack.verifier.command import main

    words = [str(file), *(word for one in key or [] for word in ("--key", one))]
    words += (["--root", root] if root else []) + (["--list"] if each else [])
    raise typer.Exit(main(words))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse(f"“{text}” is no day; write it as 2026-01-31.")
