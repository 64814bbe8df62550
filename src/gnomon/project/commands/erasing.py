"""person erase: forget somebody on request, by four eyes."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gnomon.project.commands.records import Json, Who
from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse

SHOWN = 40


def erase_person(
    number: Annotated[str, typer.Argument(help="Number or username of the person; or number of a request (ERA-…).")],
    because: Annotated[str, typer.Option(help="On what ground; do not name the person.")] = "",
    leave_out: Annotated[
        list[str] | None, typer.Option(help="Number of a record to leave out; may be repeated.")
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Approve the request and carry it out now.")] = False,
    by: Who = "",
    as_json: Json = False,
) -> None:
    """Ask for an erasure, look at what it would erase, and, as somebody else, approve it.

    Example: gnomon person erase carol --because "Letter of 2026-01-05" --as ada
    Example: gnomon person erase ERA-000001
    Example: gnomon person erase ERA-000001 --approve --as sven
    """
    begin()
    from gnomon.governance import erasing
    from gnomon.records import actions
    from gnomon.records.permissions import require

    actor = actor_named(by)
    if number.upper().startswith("ERA-"):
        erasure = _request(number.upper())
        require(actor, "read", erasure.kind)
        if approve:
            if erasure.status == "requested":
                actions.move(erasure, "approve", by=actor)
            erasure = erasing.carry_out(erasure.number)
    else:
        erasure = _asked(number, because, leave_out or [], actor)
    _tell(erasure, as_json)


def _request(number: str) -> Any:
    from gnomon.governance.models import Erasure

    found = Erasure.objects.filter(number=number).first()
    if found is None:
        refuse(f"There is no erasure {number}. Give a person to ask for a new one.")
    return found


def _asked(who: str, because: str, leave_out: list[str], actor: Any) -> Any:
    from gnomon.governance.kinds import erasure
    from gnomon.records import actions

    if not because.strip():
        refuse("Say why: --because TEXT names the law, the letter and its date.")
    return actions.record(erasure, by=actor, person=actor_named(who), reason=because, left_out="\n".join(leave_out))


def _tell(erasure: Any, as_json: bool) -> None:
    from gnomon.governance import erasing

    found = erasing.preview(erasure)
    if as_json:
        print_json(erasing.as_plain(erasure, found))
        return
    if erasure.status == "carried_out":
        typer.echo(f"{erasure.number}: {erasure.values_erased} values of {erasure.records_blanked} records are erased.")
        return
    rows = [(one.number, one.field.lstrip("#:"), one.why, one.shown.replace("\n", " ")[:60]) for one in found.held]
    print_table(("record", "what", "why", "value"), rows[:SHOWN])
    typer.echo(f"{erasure.number} ({erasure.status}): {len(rows)} values of {found.records} records would be erased.")
    for refusal in found.refusals:
        typer.echo(refusal, err=True)
