"""attach, files, link, unlink, join, leave: what hangs on a record, from the terminal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gnomon.project.commands.records import Json, Who, found_record
from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse

Number = Annotated[str, typer.Argument(help="Number of the record.")]
Other = Annotated[str, typer.Argument(help="Number of the other record.")]
Relation = Annotated[str, typer.Option(help="related, blocks, caused_by or duplicate_of.")]
Part = Annotated[str, typer.Option(help="watcher or contact.")]
Person = Annotated[str, typer.Argument(help="Who: username or number.")]


def add_to(app: typer.Typer) -> None:
    for command in (attach, files, link, unlink, join, leave, spend, time):
        app.command()(command)


def attach(
    number: Number, paths: Annotated[list[Path], typer.Argument(help="Files to attach.", exists=True, dir_okay=False)],
    internal: Annotated[bool, typer.Option("--internal", help="For staff only.")] = False, by: Who = "",
) -> None:  # fmt: skip
    """Keep files with a record.

    Example: gnomon attach INC-000042 trace.log --as bob
    """
    begin()
    from django.core.files import File

    from gnomon.records import actions

    actor = actor_named(by)
    record = found_record(number, actor)
    for path in paths:
        with path.open("rb") as opened:
            kept = actions.attach(record, File(opened, name=path.name), by=actor, internal=internal)
        typer.echo(f"{kept.name}: {'was attached already' if kept.known else 'attached'}.")


def files(number: Number, by: Who = "", as_json: Json = False) -> None:
    """List the files of a record, newest first.

    Example: gnomon files INC-000042
    """
    begin()
    from gnomon.records.files import files_of, plain_file

    actor = actor_named(by)
    record = found_record(number, actor)
    told = [plain_file(record.kind, file) for file in files_of(record, actor)]
    if as_json:
        print_json(told)
        return
    names = ("key", "name", "size", "internal", "by", "recorded_at")
    print_table(names, [[one[name] for name in names] for one in told])


def link(number: Number, other: Other, relation: Relation = "related", by: Who = "") -> None:
    """Relate a record to another.

    Example: gnomon link INC-000042 INC-000007 --relation duplicate_of --as bob
    """
    begin()
    from gnomon.records import actions
    from gnomon.records.relations import free_relation

    actor = actor_named(by)
    actions.link(found_record(number, actor), found_record(other, actor), free_relation(relation), by=actor)
    typer.echo(f"{number.upper()} is linked to {other.upper()}.")


def unlink(
    number: Number, other: Other, relation: Relation = "related",
    because: Annotated[str, typer.Option(help="Why.")] = "", by: Who = "",
) -> None:  # fmt: skip
    """Take a link back; that it stood is in the ledger.

    Example: gnomon unlink INC-000042 INC-000007 --as bob
    """
    begin()
    from gnomon.records import actions
    from gnomon.records.relations import free_relation

    actor = actor_named(by)
    record, end = found_record(number, actor), found_record(other, actor)
    actions.unlink(record, end, free_relation(relation), by=actor, because=because)
    typer.echo(f"{number.upper()} is not linked to {other.upper()} as {relation} any more.")


def join(number: Number, person: Person, part: Part = "watcher", by: Who = "") -> None:
    """Give a person a part in a record.

    Example: gnomon join INC-000042 carol --as bob
    """
    begin()
    from gnomon.records import actions
    from gnomon.records.relations import free_part

    actor = actor_named(by)
    record, who = found_record(number, actor), _person(person)
    actions.join(record, who, free_part(part), by=actor)
    typer.echo(f"{who.number} takes part in {number.upper()} as {part}.")


def leave(number: Number, person: Person, part: Part = "watcher", by: Who = "") -> None:
    """Take a person's part in a record away.

    Example: gnomon leave INC-000042 carol --as bob
    """
    begin()
    from gnomon.records import actions
    from gnomon.records.relations import free_part

    actor = actor_named(by)
    record, who = found_record(number, actor), _person(person)
    actions.leave(record, who, free_part(part), by=actor)
    typer.echo(f"{who.number} takes no part in {number.upper()} as {part} any more.")


def spend(
    number: Number, minutes: Annotated[int, typer.Argument(help="Whole minutes.")],
    text: Annotated[str, typer.Argument(help="What was done.")] = "",
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; today when left out.")] = None,
    by: Who = "",
) -> None:  # fmt: skip
    """Tell of time that you spent on a record.

    Example: gnomon spend INC-000042 25 "Replaced the cable" --as bob
    """
    begin()
    from gnomon.records.actions.spending import spend as tell

    actor = actor_named(by)
    entry = tell(found_record(number, actor), minutes, by=actor, on=on.date() if on else None, text=text)
    typer.echo(f"Entry {entry.version} of {number.upper()}: {minutes} min.")


def time(
    number: Number, undo: Annotated[int, typer.Option(help="Take the entry with this number back.")] = 0, by: Who = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """List the time spent on a record, or take an entry back.

    Example: gnomon time INC-000042 --undo 7 --as bob
    """
    begin()
    from gnomon.records import permissions
    from gnomon.records.actions.spending import take_time_back
    from gnomon.records.queries.spending import time_spent

    actor = actor_named(by)
    record = found_record(number, actor)
    permissions.require(actor, "read", record.kind)
    if undo:
        take_time_back(record, undo, by=actor)
    entries = time_spent(record)
    names = ("version", "person", "minutes", "on", "text")
    rows = [[str(getattr(one, name)) for name in names] for one in entries]
    total = sum(one.minutes for one in entries)
    if as_json:
        print_json({"minutes": total, "entries": [dict(zip(names, row, strict=True)) for row in rows]})
        return
    print_table(names, [*rows, ["", "", str(total), "", ""]])


def _person(name: str) -> Any:
    from gnomon.organization.models import Person

    found = Person.objects.filter(username=name.lower()).first() or Person.objects.filter(number=name.upper()).first()
    if found is None:
        refuse(f"There is nobody called “{name}”. Give a username or a number.")
    return found
