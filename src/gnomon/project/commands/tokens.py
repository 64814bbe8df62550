"""token create, list, rotate, revoke: keys with which programs act as a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse

if TYPE_CHECKING:
    from gnomon.organization.models import AccessToken

token = typer.Typer(help="Tokens with which programs act as a person.", no_args_is_help=True)
Whose = Annotated[str, typer.Option("--person", help="Username or number.")]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]
Which = Annotated[str, typer.Argument(help="Name of the token, or how it begins.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(token, name="token")


@token.command("create")
def create_token(
    person_name: Whose,
    name: Annotated[str, typer.Option(help="What the token is for.")] = "",
    read_only: Annotated[bool, typer.Option("--read-only", help="The token cannot write.")] = False,
    scope: Annotated[list[str] | None, typer.Option(help="As incident:read or admin; may be repeated.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="It ends after so many days.")] = 365,
    calls: Annotated[int | None, typer.Option(min=1, help="Calls per minute at most.")] = None,
    as_json: Json = False,
) -> None:
    """Make a token; it is shown this once and cannot be had again.

    Example: gnomon token create --person bob --name "monitoring" --scope incident:read --scope incident:write
    """
    begin()
    from datetime import UTC, datetime, timedelta

    from gnomon.organization import actions
    from gnomon.records.actors import SYSTEM

    if scope and read_only:
        refuse("Give either --read-only or --scope, for a scope says what the token may do.")
    who, now = actor_named(person_name), datetime.now(UTC)
    scopes = scope or (["read"] if read_only else ["read", "write"])
    made, text = actions.make_token(
        who, name=name or f"command line {now:%Y-%m-%d %H:%M:%S.%f}", by=SYSTEM, scopes=scopes,
        expires_at=now + timedelta(days=days), calls_per_minute=calls,
    )  # fmt: skip
    _show(made, text, as_json)


@token.command("list")
def list_tokens(person_name: Whose, as_json: Json = False) -> None:
    """List the tokens of a person that open something.

    Example: gnomon token list --person bob
    """
    begin()
    found = [_plain(one) for one in actor_named(person_name).tokens.filter(revoked_at=None)]
    if as_json:
        print_json(found)
        return
    rows = [
        [one["name"], one["prefix"], ", ".join(one["scopes"]), one["expires_at"], one["last_used_at"]] for one in found
    ]
    print_table(("name", "begins with", "scopes", "expires at", "last used at"), rows)


@token.command()
def rotate(
    name: Which,
    person_name: Whose,
    overlap: Annotated[int, typer.Option(min=0, max=10080, help="Minutes for which the former text is good.")] = 60,
    as_json: Json = False,
) -> None:
    """Give a token a new text, shown this once; the former one is good for a while beside it.

    Example: gnomon token rotate monitoring --person bob
    """
    begin()
    from datetime import timedelta

    from gnomon.organization import actions
    from gnomon.records.actors import SYSTEM

    made, text = actions.rotate_token(_named(name, person_name), by=SYSTEM, overlap=timedelta(minutes=overlap))
    _show(made, text, as_json)


@token.command()
def revoke(name: Which, person_name: Whose) -> None:
    """End a token at once.

    Example: gnomon token revoke monitoring --person bob
    """
    begin()
    from gnomon.organization import actions
    from gnomon.records.actors import SYSTEM

    ended = actions.revoke_token(_named(name, person_name), by=SYSTEM)
    typer.echo(f"The token “{ended.name}” opens nothing any more.")


def _named(name: str, person_name: str) -> AccessToken:
    known = actor_named(person_name).tokens.filter(revoked_at=None)
    found: AccessToken | None = known.filter(name=name).first() or known.filter(prefix=name).first()
    if found is None:
        refuse(f"There is no token “{name}” of this person. List them with “gnomon token list --person {person_name}”.")
    return found


def _show(made: AccessToken, text: str, as_json: bool) -> None:
    if as_json:
        print_json({"token": text, **_plain(made)})
    else:
        typer.echo(text)


def _plain(made: AccessToken) -> dict[str, Any]:
    return {
        "person": made.person.number, "name": made.name, "prefix": made.prefix, "scopes": made.scopes,
        "expires_at": made.expires_at, "last_used_at": made.last_used_at, "calls_per_minute": made.calls_per_minute,
    }  # fmt: skip
