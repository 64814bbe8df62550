"""view: a person's saved views from the terminal."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gnomon.project.commands.records import Json, Who, _kind
from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse

Kind = Annotated[str, typer.Argument(help="The kind, as incident.")]
Name = Annotated[str, typer.Argument(help="The name of the view.")]
Shared = Annotated[bool, typer.Option("--shared/--own", help="For everybody who reads the kind, or for oneself.")]


def add_to(app: typer.Typer) -> None:
    views = typer.Typer(help="Saved views of lists.", no_args_is_help=True)
    views.command("list")(list_)
    for command in (save, share, rename, delete):
        views.command()(command)
    app.add_typer(views, name="view")


def list_(kind: Kind, by: Who = "", as_json: Json = False) -> None:
    """The views that a person may use.

    Example: gnomon view list incident --as bob
    """
    begin()
    from gnomon.records.queries.views import stored_views

    found = list(stored_views(_kind(kind), _person(by)))
    if as_json:
        print_json([{"name": v.name, "query": v.query, "shared": v.shared, "owner": v.person} for v in found])
        return
    print_table(("name", "query", "whose"), [[v.name, v.query, "shared" if v.shared else "own"] for v in found])


def save(
    kind: Kind, name: Name,
    query: Annotated[str, typer.Argument(help="What stands behind the ? of the list's address.")],
    shared: Shared = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a view of the same name.")] = False,
    by: Who = "",
) -> None:  # fmt: skip
    """Keep a list under a name.

    Example: gnomon view save incident "Mail, urgent" "category=mail&priority=1" --as bob
    """
    begin()
    from gnomon.records.actions import views as acting

    acting.save_view(_kind(kind), by=_person(by), name=name, query=query, shared=shared, replace=replace)
    typer.echo(f"“{name}” is saved.")


def share(kind: Kind, name: Name, shared: Shared = True, by: Who = "") -> None:
    """Share a view, or keep it to oneself again.

    Example: gnomon view share incident "Mail, urgent" --own --as bob
    """
    _change(kind, name, by, shared=shared)


def rename(kind: Kind, name: Name, to: Annotated[str, typer.Argument(help="The new name.")], by: Who = "") -> None:
    """Give a view another name.

    Example: gnomon view rename incident "Mail, urgent" "Mail" --as bob
    """
    _change(kind, name, by, name=to)


def delete(kind: Kind, name: Name, by: Who = "") -> None:
    """Drop a view.

    Example: gnomon view delete incident "Mail, urgent" --as bob
    """
    begin()
    from gnomon.records.actions import views as acting

    person = _person(by)
    acting.delete_view(_found(kind, name, person), by=person)
    typer.echo(f"“{name}” is gone.")


def _change(kind: str, view: str, by: str, **facts: Any) -> None:
    begin()
    from gnomon.records.actions import views as acting

    person = _person(by)
    changed = acting.change_view(_found(kind, view, person), by=person, **facts)
    typer.echo(f"“{changed.name}” is saved.")


def _found(kind: str, name: str, person: Any) -> Any:
    from gnomon.records.queries.views import stored_views

    known = stored_views(_kind(kind), person).filter(name__iexact=name)
    found = known.filter(person=person.number).first() or known.first()
    if found is None:
        refuse(f"There is no view “{name}”. List them with “gnomon view list {kind}”.")
    return found


def _person(by: str) -> Any:
    """Whose views they are: the system has none."""
    if not by:
        refuse("Say whose views you mean: --as USERNAME.")
    return actor_named(by)
