"""notices show, notices choose: how a person is told."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse

notices = typer.Typer(help="How people are told of what concerns them.", no_args_is_help=True)
Whose = Annotated[str, typer.Option("--as", help="Whose choice: username or number.", envvar="GNOMON_PERSON")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(notices, name="notices")


@notices.command()
def show(by: Whose, as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False) -> None:
    """Show how a person is told, topic by topic.

    Example: gnomon notices show --as bob
    """
    begin()
    from gnomon.governance.notices.preferences import modes_of, preferences_of, topics_for

    person = actor_named(_somebody(by))
    preference, modes = preferences_of([person])[person.number], modes_of(person)
    hours = preference.working_hours.number if preference.working_hours is not None else None
    if as_json:
        print_json({"topics": modes, "working_hours": hours, "digest_hour": preference.digest_hour})
        return
    rows = [
        [topic.name, topic.title, ", ".join(f"{channel} {mode}" for channel, mode in modes[topic.name].items())]
        for topic in topics_for(person)
    ]
    print_table(("topic", "what", "how"), rows)
    typer.echo(
        f"Working hours: {hours or 'none, told at any hour'}. The digest comes at {preference.digest_hour:02d}:00."
    )


@notices.command()
def choose(
    pairs: Annotated[
        list[str] | None, typer.Argument(help="topic=at_once, digest or never; topic.channel=… for one.")
    ] = None,
    by: Whose = "",
    hours: Annotated[
        str | None,
        typer.Option(help="Number of the service hours outside of which nothing is sent; “none” for any hour."),
    ] = None,
    digest_hour: Annotated[int | None, typer.Option(min=0, max=23, help="Hour at which the digest comes.")] = None,
) -> None:
    """Choose how a person is told; what is not named stays as it is.

    Example: gnomon notices choose comment=digest team.mail=at_once --digest-hour 8 --as bob
    """
    begin()
    from gnomon.governance.notices import preferences

    person = actor_named(_somebody(by))
    preference, modes = preferences.preferences_of([person])[person.number], preferences.modes_of(person)
    for pair in pairs or []:
        place, _equals, mode = pair.partition("=")
        topic, _dot, channel = place.partition(".")
        if topic not in modes or (channel and channel not in modes[topic]) or mode not in preferences.MODES:
            refuse(f"“{pair}” is no choice. Write topic=at_once, digest or never; the topics are {', '.join(modes)}.")
        modes[topic] |= dict.fromkeys([channel] if channel else modes[topic], mode)
    preferences.choose(
        person, choices=modes, working_hours=preference.working_hours if hours is None else _hours(hours),
        digest_hour=preference.digest_hour if digest_hour is None else digest_hour,
    )  # fmt: skip
    typer.echo(f"{person.title} is told so from the next message on.")


def _somebody(name: str) -> str:
    return name or refuse("Say whose choice it is: --as bob.")


def _hours(number: str) -> Any:
    from gnomon.organization.models import WorkCalendar

    if number.lower() == "none":
        return None
    found = WorkCalendar.objects.filter(status="in_use", number=number.upper()).first()
    return found or refuse(f"There are no service hours “{number}” in use. List them with “gnomon list work_calendar”.")
