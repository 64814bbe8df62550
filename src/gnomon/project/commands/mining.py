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
Column = Annotated[
    list[str] | None, typer.Option("--column", help="With a CSV: what tells an event, as case=Ticket or time=When.")
]
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
    columns: Column = None, who: Who = "", as_json: Json = False,
) -> None:  # fmt: skip
    """What follows what, how often, after how long.

    Example: gnomon mine map incident team=TEAM-000001 opened_at.from=2026-01-01 --json
    """
    told = _of_file(file, about, columns, "map") if file is not None else _told("map", kind, filters, by, who)
    if as_json:
        print_json(told)
        return
    typer.echo(f"records: {told['records']}, steps: {told['steps']}")
    heads = ("from", "to", "records", "times", "median, hours")
    print_table(heads, [[p["from"], p["to"], p["records"], p["times"], _hours(p)] for p in told["paths"]])


@mine.command()
def variants(
    kind: Kind = "incident", filters: Filters = None, by: By = "states", file: File = None, about: About = "",
    columns: Column = None, who: Who = "", limit: Annotated[int, typer.Option(help="How many to print.")] = 25,
    as_json: Json = False,
) -> None:  # fmt: skip
    """The ways that records went, the most frequent first.

    Example: gnomon mine variants incident priority=1 --limit 10
    """
    told = _of_file(file, about, columns, "variants") if file is not None else _told("variants", kind, filters, by, who)
    if as_json:
        print_json(told)
        return
    typer.echo(f"records: {told['records']}, ways: {told['count']}")
    rows = [
        [v["records"], f"{100 * v['share']:.1f} %", _hours(v), " > ".join(v["path"])] for v in told["variants"][:limit]
    ]
    print_table(("records", "share", "median, hours", "way"), rows)


@mine.command()
def look(
    file: Annotated[Path, typer.Argument(help="A log: XES, OCEL 2.0 or CSV.")], about: About = "",
    columns: Column = None, as_json: Json = False,
) -> None:  # fmt: skip
    """What is in a log from elsewhere, and what is wrong with it; nothing is kept.

    Example: gnomon mine look log.csv.gz --column case=Ticket --column activity=State --column time=Changed
    """
    from gnomon.evaluation.mining.looks import look_of, told_look

    told = {"file": file.name, **told_look(look_of(_read_file(file, about or None, columns)))}
    if as_json:
        print_json(told)
        return
    for name in ("form", "encoding", "about", "cases", "events", "activities", "first", "last", "left_out"):
        if told[name] not in ("", None):
            typer.echo(f"{name.replace('_', ' ')}: {told[name]}")
    rows = [[one["count"], one["row"] or "–", one["says"], one["value"]] for one in told["problems"]]
    print_table(("times", "first row", "noticed", "value"), rows)


@mine.command()
def bottlenecks(
    file: Annotated[Path, typer.Argument(help="A log: XES, OCEL 2.0 or CSV.")], about: About = "",
    columns: Column = None, as_json: Json = False,
) -> None:  # fmt: skip
    """The steps of a log from elsewhere that took the most time in all.

    Example: gnomon mine bottlenecks log.xes.gz
    """
    told = _of_file(file, about, columns, "bottlenecks")
    if as_json:
        print_json(told)
        return
    rows = [
        [s["from"], s["to"], s["records"], s["times"], _hours(s), f"{s['seconds']['total'] / 3600:,.1f}"]
        for s in told["steps"]
    ]
    print_table(("from", "to", "cases", "times", "median, hours", "in all, hours"), rows)


@mine.command()
def cases(
    file: Annotated[Path, typer.Argument(help="A log: XES, OCEL 2.0 or CSV.")], about: About = "",
    columns: Column = None, which: Annotated[str, typer.Option(help="Those behind a number, as step.New~Done.")] = "",
    limit: Annotated[int, typer.Option(help="How many to print.")] = 25, as_json: Json = False,
) -> None:  # fmt: skip
    """The cases of a log from elsewhere, the longest first.

    Example: gnomon mine cases log.xes.gz --which activity.Reopened
    """
    from gnomon.evaluation.mining.looks import LogQuestion, told_cases

    read = _read_file(file, about, columns)
    try:
        told = told_cases(LogQuestion(read.log), which, limit)
    except LookupError:
        refuse(
            f"“{which}” is nothing that cases can be asked for. Say step.A~B, activity.A, first.A, last.A or variant.KEY."
        )
    if as_json:
        print_json(told)
        return
    typer.echo(f"cases: {told['count']}")
    rows = [[c["case"], c["events"], c["first"], c["last"], f"{c['seconds'] / 3600:,.1f}"] for c in told["cases"]]
    print_table(("case", "events", "from", "to", "hours"), rows)


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


def _of_file(path: Path, about: str, columns: list[str] | None, what: str) -> dict[str, Any]:
    from gnomon.evaluation.mining.looks import LogQuestion
    from gnomon.evaluation.mining.plain import OF_LOGS

    read = _read_file(path, about, columns)
    told = OF_LOGS[what](LogQuestion(read.log))
    return {"file": path.name, "left_out": read.left_out, "duplicates": read.duplicates, **told}


def _read_file(path: Path, about: str | None, columns: list[str] | None) -> Any:
    _begin()
    from gnomon.evaluation.mining.files import Columns, ending_in_a_sentence, log_from_file
    from gnomon.records.imports.refusals import UnreadableFile

    named = dict(pair.partition("=")[::2] for pair in columns or [])
    if beyond := named.keys() - {"case", "activity", "time"}:
        refuse(f"A column is given as case=…, activity=… or time=…, not as “{sorted(beyond)[0]}”.")
    try:
        with ending_in_a_sentence(path.name):
            return log_from_file(path, Columns(about=about, **named))
    except UnreadableFile as unreadable:
        refuse(str(unreadable))


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
