"""ledger verify, seal, prove: whether anything was altered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from gnomon.project.commands.saying import begin, print_json, refuse, rising

ledger = typer.Typer(help="The ledger: verify it, seal it, prove from it.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(ledger, name="ledger")


MOST = 200_000  # entries in one proof
Since = Annotated[list[int] | None, typer.Option(help="Prove too that a checkpoint of this size was kept; repeatable.")]


class Files(StrEnum):
    """Of which files the bytes are read again, and of which records the clocks derived."""

    ALL = "all"
    SAMPLE = "sample"
    NONE = "none"


@ledger.command()
def verify(
    files: Annotated[
        Files,
        typer.Option(
            help="Attached files to read, and clocks to derive anew: all, a tenth (another each day), or none."
        ),
    ] = Files.ALL,
    processes: Annotated[int, typer.Option(min=1, max=2, help="2 reads tree and records at once.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Recompute everything from content; exit 0 when whole, 1 when anything was altered.

    Example: gnomon ledger verify --json
    """
    begin()
    from gnomon.records.ledger.keys import KeysUnreadable
    from gnomon.records.ledger.verification import steps, verify_ledger

    try:
        with rising("Verifying", steps(files.value), quiet=as_json) as step:
            verification = verify_ledger(files=files.value, processes=processes, progress=step)
    except KeysUnreadable as error:
        refuse(str(error))
    if as_json:
        print_json(verification.as_json())
    else:
        _say(verification)
    raise typer.Exit(0 if verification.whole else 1)


def _say(verification: Any) -> None:
    for fault in verification.faults:
        typer.echo(fault.says)
    if len(verification.faults) < sum(verification.counts.values()):
        typer.echo(f"… and more: {sum(verification.counts.values())} faults in all.")
    for note in (
        *verification.notes,
        *(f"The database does not have the guard {one}." for one in verification.unguarded),
    ):
        typer.echo(note)
    for case, count in verification.erased.items():
        typer.echo(f"{case} erased personal values of {count} records; their entries are whole.")
    state = "whole" if verification.whole else "BROKEN"
    typer.echo(
        f"The ledger is {state}: {verification.entries} entries, {verification.sealed} sealed, "
        f"{verification.unsealed} not yet; {verification.records} records, "
        f"{verification.derived} with what follows from them, {verification.files} files read."
    )


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
    since: Since = None,
) -> None:
    """Write a proof of one record's history that verify_proof.py checks with Python alone.

    Example: gnomon ledger prove INC-000042 proof.json
    """
    begin()
    from gnomon.records.models import LedgerEntry

    entries = LedgerEntry.objects.filter(number=number.upper())
    if not entries.exists():
        refuse(f"The ledger has no entry about “{number}”. Check the number.")
    _write(file, entries, since or [])


@ledger.command("prove-period")
def prove_period(
    first: Annotated[datetime, typer.Argument(help="First day or moment, as 2026-01-01.")],
    end: Annotated[datetime, typer.Argument(help="First day or moment that is not in it any more.")],
    file: Annotated[Path, typer.Argument(help="Where to write the proof (JSON).")],
    kind: Annotated[str, typer.Option(help="Only entries about this kind of record.")] = "",
    since: Since = None,
) -> None:
    """Write a proof of all that was recorded in a period.

    Example: gnomon ledger prove-period 2026-01-01 2026-02-01 january.json --kind incident
    """
    begin()
    from django.utils import timezone

    from gnomon.records.models import LedgerEntry

    start, stop = (one if one.tzinfo else timezone.make_aware(one) for one in (first, end))
    entries = LedgerEntry.objects.filter(recorded_at__gte=start, recorded_at__lt=stop)
    if kind:
        entries = entries.filter(kind=kind)
    if not entries.exists():
        refuse("Nothing was recorded in this period. Choose another.")
    if entries.count() > MOST:
        refuse(f"These are more than {MOST} entries. Choose a shorter period, or one kind.")
    _write(file, entries, since or [])


@ledger.command("prove-growth")
def prove_growth(
    since: Annotated[list[int], typer.Argument(help="Sizes of the tree that you know, as printed with its root.")],
    file: Annotated[Path, typer.Argument(help="Where to write the proof (JSON).")],
) -> None:
    """Prove that the tree still begins with what it was at these sizes; no entry is revealed.

    Example: gnomon ledger prove-growth 1024 growth.json
    """
    begin()
    from gnomon.records.models import LedgerEntry

    _write(file, LedgerEntry.objects.none(), since)


@ledger.command("rotate-key")
def rotate_key(
    lost: Annotated[bool, typer.Option("--lost", help="The old key is gone and can sign nothing any more.")] = False,
) -> None:
    """Seal what waits, then sign with a new key from now on; the old one signs that the new one follows it.

    Example: gnomon ledger rotate-key
    """
    begin()
    from gnomon.governance.sealing.registering import register_keys
    from gnomon.records.ledger.keys import KeysUnreadable, rotate_signing_key
    from gnomon.records.ledger.seal import key_folder, seal_ledger

    try:
        if not lost:
            seal_ledger(sweep=True)
        keys = rotate_signing_key(key_folder(), lost=lost)
    except KeysUnreadable as error:
        refuse(str(error))
    register_keys()
    typer.echo(f"Key {keys.id} signs from now on: {keys.public[keys.id].hex()}. Publish it, and back the folder up.")


@ledger.command()
def stamp(
    export: Annotated[Path | None, typer.Option(help="Write all stamps into this folder instead of asking.")] = None,
) -> None:
    """Have the newest checkpoint stamped now by the authority of GNOMON_STAMP_URL (RFC 3161).

    Example: gnomon ledger stamp
    Example: gnomon ledger stamp --export stamps
    """
    begin()
    from gnomon.governance.sealing import stamping
    from gnomon.governance.sealing.asking import NotStamped

    if export is not None:
        typer.echo(f"{stamping.export_stamps(export)} stamps written to {export}.")
        return
    if not stamping.is_on():
        refuse("No authority is known. Set GNOMON_STAMP_URL and GNOMON_STAMP_CA.")
    wanted = stamping.want_stamp()
    if wanted is None:
        typer.echo("The newest checkpoint is stamped already, or nothing is sealed yet.")
        return
    try:
        kept = stamping.stamp(wanted.number)
    except NotStamped as error:
        refuse(str(error))
    typer.echo(f"{kept.number}: the checkpoint of {kept.size} entries existed at {kept.stamped_at:%Y-%m-%d %H:%M:%S}Z.")


def _write(file: Path, entries: Any, since: list[int]) -> None:
    from django.utils import timezone

    from gnomon.records.ledger.export import NotSealed, proof_of
    from gnomon.records.ledger.merkle import LedgerBroken
    from gnomon.records.models import Checkpoint

    unknown = set(since) - set(Checkpoint.objects.filter(size__in=since).values_list("size", flat=True))
    if unknown:
        refuse(f"There is no checkpoint of {', '.join(map(str, sorted(unknown)))} entries. Give the size of one.")
    try:
        file.write_bytes(proof_of(entries, at=timezone.now(), since=since))
    except NotSealed as error:
        refuse(f"{error} Without a worker: gnomon ledger seal.")
    except LedgerBroken as error:
        refuse(str(error))
    typer.echo(f"Written to {file}. Check it with: python verify_proof.py {file}")
