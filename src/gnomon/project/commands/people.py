"""person create: who may come in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gnomon.project.commands.erasing import erase_person
from gnomon.project.commands.saying import begin, print_json, refuse

person = typer.Typer(help="People.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    person.command("erase")(erase_person)
    app.add_typer(person, name="person")


@person.command("create")
def create_person(
    username: Annotated[str, typer.Option(help="The name to sign in with.")],
    name: Annotated[str, typer.Option(help="The person's name; the username when left out.")] = "",
    role: Annotated[list[str] | None, typer.Option(help="A role, as agent; may be repeated.")] = None,
    email: Annotated[str, typer.Option(help="E-mail address.")] = "",
    language: Annotated[str, typer.Option(help="en or zh-hans; the browser decides when left out.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    no_password: Annotated[bool, typer.Option("--no-password", help="Cannot sign in; for tokens only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Bring a person in.

    Example: gnomon person create --username bob --name "Bob Example" --role agent
    """
    begin()
    from gnomon.organization import actions
    from gnomon.organization.roles import known_codes
    from gnomon.records.actors import SYSTEM

    unknown = set(role or ()) - set(known_codes())
    if unknown:
        refuse(f"There is no role “{', '.join(sorted(unknown))}”. Roles: {', '.join(known_codes())}.")
    password = None if no_password else _password(password_stdin)
    made = actions.create_person(
        by=SYSTEM, title=name or username, username=username, password=password, roles=role or ["requester"],
        email=email, language=language,
    )  # fmt: skip
    if as_json:
        print_json({"number": made.number, "username": made.username, "roles": made.roles})
    else:
        typer.echo(f"{made.number} {made.title} can sign in as “{made.username}”.")


def _password(from_stdin: bool) -> str:
    if from_stdin or not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            refuse("No password came on standard input. Send it there, or use --no-password.")
        return password
    chosen: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return chosen
