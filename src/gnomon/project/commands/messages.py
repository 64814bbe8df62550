"""messages: what somebody was told, from the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from gnomon.project.commands.records import Json, Who
from gnomon.project.commands.saying import actor_named, begin, print_json, print_table


def add_to(app: typer.Typer) -> None:
    app.command()(messages)


def messages(
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
    read: Annotated[bool, typer.Option("--read", help="Mark all as read afterwards.")] = False,
    by: Who = "", as_json: Json = False,
) -> None:  # fmt: skip
    """List what somebody was told, the newest first.

    Example: gnomon messages --as bob
    """
    begin()
    from gnomon.governance import notices

    person = actor_named(by)
    told = [
        {
            "told_at": receipt.message.told_at.isoformat(timespec="seconds"), "number": receipt.message.number,
            "title": str(receipt.message), "read": receipt.read_at is not None,
        }
        for receipt in notices.latest(person, most=limit)
    ]  # fmt: skip
    if as_json:
        print_json(told)
    elif told:
        rows = [[one["told_at"], one["number"], one["title"], "" if one["read"] else "new"] for one in told]
        print_table(("told at", "about", "what", ""), rows)
    else:
        typer.echo("Nothing was told to this person yet.")
    if read:
        notices.mark_read(person)
