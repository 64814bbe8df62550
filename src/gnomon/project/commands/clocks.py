"""clocks rederive, escalations, acknowledge, inform-manager: clocks and escalation from the terminal."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gnomon.project.commands.records import Json, Who
from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse


def add_to(app: typer.Typer) -> None:
    clocks = typer.Typer(help="Clocks of agreements.", no_args_is_help=True, rich_markup_mode=None)
    clocks.command()(rederive)
    app.add_typer(clocks, name="clocks")
    app.command()(escalations)
    app.command()(acknowledge)
    app.command("inform-manager")(inform_manager)


def rederive(
    check: Annotated[
        bool, typer.Option("--check", help="Only say what would change; exit code 1 when something.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Derive all clocks anew from the ledger.

    Example: gnomon clocks rederive --check
    """
    begin()
    from gnomon.agreements.rederivation import kinds_with_clocks
    from gnomon.agreements.rederivation import rederive as derive_anew

    told: list[dict[str, Any]] = []
    differing = 0
    for kind in kinds_with_clocks():
        outcome = derive_anew(kind, check=check)
        differing += len(outcome.differing)
        told.append({
            "kind": kind.name, "records": outcome.records, "differing": len(outcome.differing),
            "first": [f"{one.number} {one.what}" for one in outcome.differing[:20]],
        })  # fmt: skip
    if as_json:
        print_json({"check": check, "kinds": told})
    else:
        for one in told:
            typer.echo(f"{one['kind']}: {one['records']} records gone through, {one['differing']} values differ.")
            for line in one["first"]:
                typer.echo(f"  {line}")
        if differing and not check:
            typer.echo("They are now what the ledger says.")
    if check and differing:
        raise typer.Exit(1)


def escalations(
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those that need attention.")] = False,
    by: Who = "", as_json: Json = False,
) -> None:  # fmt: skip
    """List the escalations that run.

    Example: gnomon escalations --overdue
    """
    begin()
    from gnomon.agreements.escalation.showing import running
    from gnomon.records.facts import fact

    lines = running(actor_named(by), only_overdue=overdue)
    rows = [
        {
            "record": one.escalation.number, "clock": one.escalation.clock, "policy": one.escalation.policy,
            "state": one.escalation.state, "next": one.next, "at": fact(one.next_at), "trouble": one.trouble,
        }
        for one in lines
    ]  # fmt: skip
    if as_json:
        print_json(rows)
    else:
        names = ("record", "clock", "policy", "state", "next", "at", "trouble")
        print_table(names, [[row[name] or None for name in names] for row in rows])


def acknowledge(number: Annotated[str, typer.Argument(help="Number of the record.")], by: Who = "") -> None:
    """Answer the calls of a record.

    Example: gnomon acknowledge INC-000042 --as bob
    """
    begin()
    from gnomon.agreements.escalation.calling import acknowledge as answer
    from gnomon.project.commands.records import found_record

    actor = actor_named(by)
    answered = answer(found_record(number, actor), by=actor)
    typer.echo(f"Answered {answered} of {number.upper()}.")


def inform_manager(
    number: Annotated[str, typer.Argument(help="Number of the incident.")],
    manager: Annotated[str, typer.Option("--to", help="Who is told: username or number.")],
    because: Annotated[str, typer.Option(help="Why.")],
    by: Who = "",
) -> None:
    """Escalate an incident to a manager; its team keeps it.

    Example: gnomon inform-manager INC-000042 --to yuan --because "The harbour is down" --as bob
    """
    begin()
    from gnomon.organization.models import Person
    from gnomon.project.commands.records import found_record
    from gnomon.resolution.escalations import escalate_to_manager
    from gnomon.resolution.models import Incident

    actor, told = actor_named(by), actor_named(manager)
    incident = found_record(number, actor)
    if not isinstance(incident, Incident) or not isinstance(told, Person):
        refuse("Name an incident, and a person to tell.")
    escalate_to_manager(incident, told, by=actor, because=because)
    typer.echo(f"Told {told.title} of {incident.number}.")
