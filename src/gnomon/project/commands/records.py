"""record, change, move, comment, show, list: every kind from the terminal."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gnomon.project.commands.saying import actor_named, begin, facts_given, plain_pairs, print_json, print_table, refuse

Who = Annotated[str, typer.Option("--as", help="Who acts: username or number.", envvar="GNOMON_PERSON")]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]
Facts = Annotated[list[str] | None, typer.Argument(help="Facts as name=value.")]


def add_to(app: typer.Typer) -> None:
    for command in (record, change, move, comment, show):
        app.command()(command)
    app.command("list")(list_)


def record(
    kind: Annotated[str, typer.Argument(help="The kind, as incident.")], facts: Facts = None, by: Who = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Record something new.

    Example: gnomon record incident title="Mail is slow" impact=2 urgency=2 --as bob
    """
    begin()
    from gnomon.records import actions
    from gnomon.records.plain import facts_from_plain

    chosen, actor = _kind(kind), actor_named(by)
    given = facts_from_plain(chosen, facts_given(chosen, facts or []), actor)
    _tell(actions.record(chosen, by=actor, **given), actor, as_json)


def change(
    number: Annotated[str, typer.Argument(help="Number of the record.")], facts: Facts = None,
    because: Annotated[str, typer.Option(help="Why.")] = "", by: Who = "", as_json: Json = False,
) -> None:  # fmt: skip
    """Give a record new facts.

    Example: gnomon change INC-000042 category=network --because "Seen on site" --as bob
    """
    begin()
    from gnomon.records import actions
    from gnomon.records.plain import facts_from_plain

    actor = actor_named(by)
    found = found_record(number, actor)
    given = facts_from_plain(found.kind, facts_given(found.kind, facts or []), actor)
    _tell(actions.change(found, by=actor, because=because, **given), actor, as_json)


def move(
    number: Annotated[str, typer.Argument(help="Number of the record.")],
    name: Annotated[str, typer.Argument(help="The move, as resolve.")], facts: Facts = None,
    because: Annotated[str, typer.Option(help="Why.")] = "", by: Who = "", as_json: Json = False,
) -> None:  # fmt: skip
    """Take a record one step along its workflow.

    Example: gnomon move INC-000042 resolve resolution="Cable replaced" closure_code=solved --as bob
    """
    begin()
    from gnomon.records import actions
    from gnomon.records.plain import facts_from_plain

    actor = actor_named(by)
    found = found_record(number, actor)
    try:
        step = found.kind.move_of(found, name)
    except LookupError:
        names = ", ".join(m.name for m in found.kind.workflow_of(found).moves_from(found.status)) or "none"
        refuse(f"{found.number} has no move “{name}”. Open to it now: {names}.")
    given = facts_from_plain(found.kind, facts_given(found.kind, facts or []), actor, (*step.needs, *step.asks))
    _tell(actions.move(found, name, by=actor, because=because, **given), actor, as_json)


def comment(
    number: Annotated[str, typer.Argument(help="Number of the record.")],
    text: Annotated[str, typer.Argument(help="What to say.")],
    internal: Annotated[bool, typer.Option("--internal", help="For staff only.")] = False,
    by: Who = "",
) -> None:
    """Say something about a record.

    Example: gnomon comment INC-000042 "The supplier is on site" --as bob
    """
    begin()
    from gnomon.records import actions

    actor = actor_named(by)
    actions.comment(found_record(number, actor), text, by=actor, internal=internal)
    typer.echo(f"Said on {number.upper()}.")


def show(
    number: Annotated[str, typer.Argument(help="Number of the record.")], by: Who = "", as_json: Json = False
) -> None:
    """Show a record of any kind.

    Example: gnomon show INC-000042 --json
    """
    begin()
    actor = actor_named(by)
    _tell(found_record(number, actor), actor, as_json)


def list_(
    kind: Annotated[str, typer.Argument(help="The kind, as incident.")],
    filters: Annotated[list[str] | None, typer.Argument(help="Filters as name=value, as on the list page.")] = None,
    limit: Annotated[int, typer.Option(help="How many at most.")] = 25,
    by: Who = "",
    as_json: Json = False,
) -> None:
    """List records with the filters of the list page.

    Example: gnomon list incident status=new priority=1 --limit 10
    """
    begin()
    from gnomon.records.listing import Listing
    from gnomon.records.plain import as_plain

    chosen = _kind(kind)
    flat = {name: str(value) for name, value in (pair.partition("=")[::2] for pair in filters or [])}
    actor = actor_named(by)
    page = Listing.of(chosen, actor, flat).page(limit=limit)
    plain = [as_plain(chosen, record, to=actor) for record in page.records]
    if as_json:
        print_json(plain)
        return
    print_table(chosen.columns, [[row.get(name) for name in chosen.columns] for row in plain])


def _kind(name: str) -> Any:
    from gnomon.records.kinds import kind_named, kinds

    try:
        return kind_named(name.replace("-", "_"))
    except LookupError:
        refuse(f"There is no kind “{name}”. Kinds: {', '.join(kind.name for kind in kinds())}.")


def found_record(number: str, actor: Any) -> Any:
    """The record with this number, or a refusal when there is none for this person."""
    from gnomon.records.kinds import kind_of_number
    from gnomon.records.permissions import visible

    try:
        kind = kind_of_number(number.upper())
    except LookupError:
        refuse(f"There is no record “{number}”. A number looks like INC-000042.")
    found = visible(kind.model.objects.filter(number=number.upper()), actor).first()
    if found is None:
        refuse(f"There is no record “{number}”.")
    return found


def _tell(found: Any, actor: Any, as_json: bool) -> None:
    from gnomon.records.plain import as_plain

    plain = as_plain(found.kind, found, to=actor)
    if as_json:
        print_json(plain)
    else:
        print_table(("", found.number), plain_pairs(plain))
