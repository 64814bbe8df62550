"""merge, split, resolve-parts, review: incidents that belong together, from the terminal."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gnomon.project.commands.records import Json, Who, found_record
from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse

Number = Annotated[str, typer.Argument(help="Number of the incident.")]
Because = Annotated[str, typer.Option(help="Why.")]


def add_to(app: typer.Typer) -> None:
    for command in (merge, split, resolve_parts, review):
        app.command()(command)


def merge(
    numbers: Annotated[list[str], typer.Argument(help="Numbers of the incidents that end.")],
    into: Annotated[str, typer.Option(help="Number of the incident that goes on.")],
    because: Because = "", by: Who = "", as_json: Json = False,
) -> None:  # fmt: skip
    """Merge incidents into one; “gnomon move INC-000001 unmerge” takes one out again.

    Example: gnomon merge INC-000001 INC-000002 --into INC-000009 --because "The same fault" --as bob
    """
    begin()
    from gnomon.resolution import actions
    from gnomon.resolution.merging import warnings

    actor = actor_named(by)
    target = _incident(into, actor)
    sources = [_incident(number, actor) for number in dict.fromkeys(numbers)]
    for says in (says for source in sources for says in warnings(source, target)):
        typer.echo(says, err=True)
    _tell(actions.merge(sources, target, by=actor, because=because), as_json)


def split(
    number: Number,
    title: Annotated[str, typer.Option(help="Title of the new incident.")],
    entry: Annotated[list[int] | None, typer.Option(help="Ledger number of a comment or file that goes along.")] = None,
    description: Annotated[str, typer.Option(help="What the new incident is about.")] = "",
    because: Because = "", by: Who = "",
) -> None:  # fmt: skip
    """Split an incident off; merging it back undoes that.

    Example: gnomon split INC-000042 --title "Printer jams" --entry 4711 --because "Two faults" --as bob
    """
    begin()
    from gnomon.resolution import actions

    actor = actor_named(by)
    new = actions.split(
        _incident(number, actor), by=actor, title=title, because=because, entries=entry or [], description=description
    )
    typer.echo(f"{new.number} was split off.")


def resolve_parts(number: Number, because: Because = "", by: Who = "", as_json: Json = False) -> None:
    """Resolve the open parts of a resolved incident as it was resolved itself.

    Example: gnomon resolve-parts INC-000042 --as bob
    """
    begin()
    from gnomon.resolution import actions

    actor = actor_named(by)
    _tell(actions.resolve_parts(_incident(number, actor), by=actor, because=because), as_json)


def review(number: Number, by: Who = "") -> None:
    """Begin the review of a major incident, with the facts filled in.

    Example: gnomon review INC-000042 --as alice
    """
    begin()
    from gnomon.resolution import actions

    actor = actor_named(by)
    typer.echo(f"{actions.begin_review(_incident(number, actor), by=actor).number} holds the facts.")


def _incident(number: str, actor: Any) -> Any:
    from gnomon.resolution.models import Incident

    found = found_record(number, actor)
    if not isinstance(found, Incident):
        refuse(f"{found.number} is no incident.")
    return found


def _tell(outcomes: list[Any], as_json: bool) -> None:
    told = [{"number": one.record.number, "done": one.done, "says": one.says} for one in outcomes]
    if as_json:
        print_json(told)
    else:
        print_table(("number", "done", "says"), [[row["number"], row["done"], row["says"]] for row in told])
    if not all(row["done"] for row in told):
        raise typer.Exit(1)
