"""mine: how records really went, by the ledger or by a log from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse

Kind = Annotated[str, typer.Argument(help="The kind of record, as incident.")]
Filters = Annotated[list[str] | None, typer.Argument(help="Filters as name=value, as on the list page.")]
By = Annotated[str, typer.Option(help="What a step is: states, moves or teams.")]
Who = Annotated[str, typer.Option("--as", help="Who asks: username or number; the system when left out.")]
File = Annotated[Path | None, typer.Option(help="A log (XES, OCEL 2.0, CSV) to look at instead of the ledger.")]
About = Annotated[str, typer.Option(help="With an OCEL: the type of object whose course is told.")]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]

ENDS = {
    ".xes": "xes", ".json": "ocel.json", ".jsonocel": "ocel.json", ".xml": "ocel.xml", ".xmlocel": "ocel.xml",
    ".sqlite": "ocel.sqlite",
}  # fmt: skip

mine = typer.Typer(help="How records really went (8.1, 9.1).", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    app.add_typer(mine, name="mine")


@mine.command("map")
def map_(
    kind: Kind = "incident", filters: Filters = None, by: By = "states", file: File = None, about: About = "",
    who: Who = "", as_json: Json = False,
) -> None:  # fmt: skip
    """What follows what, how often, after how long.

    Example: gnomon mine map incident team=TEAM-000001 opened_at.from=2026-01-01 --json
    """
    told = _of_file(file, about, "map") if file is not None else _told("map", kind, filters, by, who)
    if as_json:
        print_json(told)
        return
    typer.echo(f"records: {told['records']}, steps: {told['steps']}")
    columns = ("from", "to", "records", "times", "median, hours")
    print_table(columns, [[p["from"], p["to"], p["records"], p["times"], _hours(p)] for p in told["paths"]])


@mine.command()
def variants(
    kind: Kind = "incident", filters: Filters = None, by: By = "states", file: File = None, about: About = "",
    who: Who = "", limit: Annotated[int, typer.Option(help="How many to print.")] = 25, as_json: Json = False,
) -> None:  # fmt: skip
    """The ways that records went, the most frequent first.

    Example: gnomon mine variants incident priority=1 --limit 10
    """
    told = _of_file(file, about, "variants") if file is not None else _told("variants", kind, filters, by, who)
    if as_json:
        print_json(told)
        return
    typer.echo(f"records: {told['records']}, ways: {told['count']}")
    rows = [
        [v["records"], f"{100 * v['share']:.1f} %", _hours(v), " > ".join(v["path"])] for v in told["variants"][:limit]
    ]
    print_table(("records", "share", "median, hours", "way"), rows)


@mine.command()
def waiting(
    kind: Kind = "incident", filters: Filters = None, who: Who = "",
    hours: Annotated[str, typer.Option(help="Count only within these service hours, as CAL-000001.")] = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Where time went by cause, and until teams took up what was handed to them.

    Example: gnomon mine waiting incident --hours CAL-000001
    """
    question = _question(kind, filters, "states", who)
    from gnomon.evaluation.mining.plain import told_waiting

    told = told_waiting(question, _calendar(hours))
    if as_json:
        print_json(told)
        return
    for part, title in (("causes", "cause"), ("teams", "handed to")):
        lines = [[c["title"], c["records"], c["times"], _hours(c)] for c in told[part]]
        print_table((title, "records", "times", "median, hours"), lines)


@mine.command()
def rework(
    kind: Kind = "incident", filters: Filters = None, by: By = "states", who: Who = "", as_json: Json = False
) -> None:
    """What is done again, and what teams toss to and fro.

    Example: gnomon mine rework incident --by moves
    """
    told = _told("rework", kind, filters, by, who)
    if as_json:
        print_json(told)
        return
    print_table(("done again", "records", "times"), [[r["title"], r["records"], r["times"]] for r in told["again"]])
    rows = [[r["from"], r["over"], r["records"], r["times"]] for r in told["tossed"]]
    print_table(("from", "over and back", "records", "times"), rows)


@mine.command()
def conformance(kind: Kind = "incident", filters: Filters = None, who: Who = "", as_json: Json = False) -> None:
    """Whether records kept to the workflow that was in force for them.

    Example: gnomon mine conformance incident status=closed --json
    """
    told = _told("conformance", kind, filters, "states", who)
    if as_json:
        print_json(told)
        return
    typer.echo(f"records: {told['records']}, deviating: {told['deviating']}, fitness: {told['fitness']}")
    rows = [[d["records"], d["times"], d["sort"], d["says"]] for d in told["deviations"]]
    print_table(("records", "times", "sort", "what happened"), rows)


@mine.command()
def export(
    target: Annotated[Path, typer.Argument(help="The file to write: .xes, or .json, .xml or .sqlite for OCEL 2.0.")],
    kind: Kind = "incident", filters: Filters = None, who: Who = "",
) -> None:  # fmt: skip
    """Write the entries of a kind as an event log for other tools; people stand in it under pseudonyms.

    Example: gnomon mine export incidents.xes incident opened_at.from=2026-01-01
    """
    question = _question(kind, filters, "states", who)
    from gnomon.integrations.logs import MEDIA_TYPES, log_pieces
    from gnomon.records.refusals import Refused

    form = ENDS.get(target.suffix, "")
    if form not in MEDIA_TYPES:
        refuse(f"“{target.name}” ends in none of {', '.join(ENDS)}. Name the file accordingly.")
    try:
        pieces = log_pieces(question.kind, question.person, question.parameters, form)
        with target.open("wb") as file:
            file.writelines(pieces)
    except Refused as refused:
        refuse(str(refused))
    typer.echo(f"Written to {target}.")


def _told(what: str, kind: str, filters: list[str] | None, by: str, who: str) -> dict[str, Any]:
    question = _question(kind, filters, by, who)
    from gnomon.evaluation.mining.plain import QUESTIONS

    return QUESTIONS[what](question)


def _question(kind: str, filters: list[str] | None, by: str, who: str) -> Any:
    _begin()
    from gnomon.evaluation.mining.asked import Question
    from gnomon.evaluation.mining.perspectives import perspectives_of
    from gnomon.records import permissions
    from gnomon.records.kinds import kind_named, kinds

    actor = actor_named(who)
    try:
        chosen = kind_named(kind.replace("-", "_"))
    except LookupError:
        refuse(f"There is no kind “{kind}”. Kinds: {', '.join(known.name for known in kinds())}.")
    permissions.require(actor, "read", chosen)
    known = [one.name for one in perspectives_of(chosen)]
    if by not in known:
        refuse(f"{chosen.name} can be seen as {', '.join(known)}, not as “{by}”.")
    pairs = (pair.partition("=")[::2] for pair in filters or [])
    return Question(chosen, by, {name: value.split(",") for name, value in pairs}, actor)


def _of_file(path: Path, about: str, what: str) -> dict[str, Any]:
    _begin()
    from gnomon.evaluation.mining.files import log_from_file
    from gnomon.evaluation.mining.graph import discover
    from gnomon.evaluation.mining.plain import graph_told, variants_told
    from gnomon.evaluation.mining.variants import variants as ways_of
    from gnomon.records.imports.refusals import UnreadableFile

    try:
        read = log_from_file(path, about=about)
    except UnreadableFile as unreadable:
        refuse(str(unreadable))
    names = {name: name for name in read.log.activities}
    if what == "map":
        told = graph_told(discover(read.log), names, lambda _what, _value: "")
    else:
        told = variants_told(ways_of(read.log), lambda _key: "")
    return {"file": path.name, "left_out": read.left_out, "duplicates": read.duplicates, **told}


def _calendar(number: str) -> Any:
    if not number:
        return None
    from gnomon.organization.models import WorkCalendar
    from gnomon.organization.queries import calendar_of

    found = WorkCalendar.objects.filter(number=number.upper()).first()
    if found is None:
        refuse(f"There are no service hours “{number}”. List them with “gnomon list work_calendar”.")
    return calendar_of(found)


def _begin() -> None:
    begin()
    from gnomon.evaluation.mining.columns import ColumnsMissing, require_columns

    try:
        require_columns()
    except ColumnsMissing as missing:
        refuse(str(missing))


def _hours(line: dict[str, Any]) -> str:
    median = line["seconds"]["median"]
    return "–" if median is None else f"{median / 3600:,.1f}"
