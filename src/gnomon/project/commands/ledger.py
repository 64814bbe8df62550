"""ledger verify, seal, prove: whether anything was altered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gnomon.project.commands.saying import begin, print_json, refuse

ledger = typer.Typer(help="The ledger: verify it, seal it, prove from it.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(ledger, name="ledger")


@ledger.command()
def verify(as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False) -> None:
    """Recompute everything from content; exit 0 when whole, 1 when anything was altered.

    Example: gnomon ledger verify --json
    """
    begin()
    from gnomon.records.ledger.verification import verify_ledger

    verification = verify_ledger()
    told = verification.as_json()
    if as_json:
        print_json(told)
    else:
        for fault in told["faults"]:
            typer.echo(fault["says"])
        state = "whole" if told["whole"] else "BROKEN"
        typer.echo(
            f"The ledger is {state}: {told['entries']} entries, {told['sealed']} sealed, {told['unsealed']} not yet."
        )
    raise typer.Exit(0 if told["whole"] else 1)


@ledger.command()
def seal() -> None:
    """Seal what is not sealed yet, as the worker does every minute.

    Example: gnomon ledger seal
    """
    begin()
    from gnomon.records.ledger.seal import seal_ledger

    typer.echo(f"{seal_ledger(sweep=True)} entries sealed.")


@ledger.command()
def prove(
    number: Annotated[str, typer.Argument(help="Number of the record.")],
    file: Annotated[Path, typer.Argument(help="Where to write the proof (JSON).")],
) -> None:
    """Write a proof of one record's history that verify_proof.py checks with Python alone.

    Example: gnomon ledger prove INC-000042 proof.json
    """
    begin()
    from django.utils import timezone

    from gnomon.records.ledger.export import NotSealed, proof_of
    from gnomon.records.ledger.merkle import LedgerBroken
    from gnomon.records.models import LedgerEntry

    entries = LedgerEntry.objects.filter(number=number.upper())
    if not entries.exists():
        refuse(f"The ledger has no entry about “{number}”. Check the number.")
    try:
        file.write_bytes(proof_of(entries, at=timezone.now()))
    except NotSealed as error:
        refuse(f"{error} Without a worker: gnomon ledger seal.")
    except LedgerBroken as error:
        refuse(str(error))
    typer.echo(f"Written to {file}. Check it with: python verify_proof.py {file}")
