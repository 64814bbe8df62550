"""bulk: one move or one change for many records, tried out first when asked."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gnomon.project.commands.records import Facts, Json, Who, _kind
from gnomon.project.commands.saying import (
    actor_named,
    begin,
    facts_given,
    named_values,
    print_json,
    print_table,
    refuse,
)

Where = Annotated[list[str] | None, typer.Option(help="A filter of the list as name=value; commas separate values.")]


def add_to(app: typer.Typer) -> None:
    app.command()(bulk)


def bulk(
    kind: Annotated[str, typer.Argument(help="The kind, as incident.")],
    move: Annotated[str, typer.Argument(help="The move, as start; “change” to give facts without a move.")],
    facts: Facts = None, where: Where = None,
    number: Annotated[list[str] | None, typer.Option(help="Number of a record; may be said often.")] = None,
    because: Annotated[str, typer.Option(help="Why.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    by: Who = "", as_json: Json = False,
) -> None:  # fmt: skip
    """Take many records one step along, or change them; each has its own answer.

    Example: gnomon bulk incident start --where status=new --where team=TEM-000001 --dry-run --as bob
    """
    begin()
    from gnomon.records.actions import bulk as acting
    from gnomon.records.actions.bulk import Wish
    from gnomon.records.plain import facts_from_plain

    chosen, actor = _kind(kind), actor_named(by)
    if bool(where) == bool(number):
        refuse("Name the records: either with --where name=value, or with --number. Both cannot be combined.")
    name = "" if move == "change" else move
    allowed = _asked(chosen, name)
    if not name and not facts:
        refuse("Say what to change, for example assignee=PER-000004.")
    given = facts_from_plain(chosen, facts_given(chosen, facts or []), actor, allowed)
    wish = Wish(chosen, name, given, because)
    acting.require_wish(wish, actor)
    numbers = [one.upper() for one in number or []]
    found = (
        acting.chosen_records(chosen, actor, numbers) if numbers else acting.records_where(chosen, actor, _where(where))
    )
    outcomes = acting.try_out(wish, found, by=actor) if dry_run else acting.carry_out(wish, found, by=actor)
    known = {one.record.number for one in outcomes}
    rows = [[one.record.number, one.done, str(one.says)] for one in outcomes]
    rows += [[missing, False, "There is no such record."] for missing in numbers if missing not in known]
    _tell(rows, dry_run=dry_run, as_json=as_json)


def _asked(kind: Any, name: str) -> tuple[str, ...]:
    if not name:
        return ()
    try:
        step = kind.workflow.move(name)
    except LookupError:
        refuse(f"There is no move “{name}”. Moves: {', '.join(one.name for one in kind.workflow.moves)}.")
    return (*step.needs, *step.asks)


def _where(pairs: list[str] | None) -> dict[str, list[str]]:
    where: dict[str, list[str]] = {}
    for name, text in named_values(pairs, "status=new"):
        where.setdefault(name, []).extend(text.split(","))
    return where


def _tell(rows: list[list[Any]], *, dry_run: bool, as_json: bool) -> None:
    done = sum(bool(row[1]) for row in rows)
    if as_json:
        results = [{"number": number, "done": ok, "says": says} for number, ok, says in rows]
        print_json({"dry_run": dry_run, "done": done, "refused": len(rows) - done, "results": results})
    elif not rows:
        typer.echo("The list holds no record.")
    else:
        print_table(("record", "", "result"), [[number, "✓" if ok else "✗", says] for number, ok, says in rows])
        typer.echo(f"{done} of {len(rows)} {'would be' if dry_run else 'were'} done.")
    if done < len(rows):
        raise typer.Exit(1)
