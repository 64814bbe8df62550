"""search: over all kinds from the terminal, and the care of its index."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse


def add_to(app: typer.Typer) -> None:
    app.command()(search)


def search(
    words: Annotated[list[str], typer.Argument(help="Words and filters; “rebuild” alone makes the index anew.")],
    kind: Annotated[str, typer.Option(help="One kind only, as incident.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100, help="Records of each kind.")] = 10,
    check: Annotated[bool, typer.Option("--check", help="With rebuild: only say where index and records differ.")] = False,
    by: Annotated[str, typer.Option("--as", help="Who asks: username or number.", envvar="GNOMON_PERSON")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:  # fmt: skip
    """Search over all kinds; or bring the index of search back in step with the records.

    Example: gnomon search team:network status:open 打印机 --as bob

    Example: gnomon search rebuild --check
    """
    begin()
    if words == ["rebuild"]:
        _rebuild(check, as_json)
        return
    from gnomon.records.kinds import kinds
    from gnomon.records.search.across import search as over_all
    from gnomon.records.search.plain import as_plain

    if kind and kind not in {one.name for one in kinds()}:
        refuse(f"There is no kind “{kind}”. Kinds: {', '.join(one.name for one in kinds())}.")
    actor = actor_named(by)
    plain = as_plain(over_all(" ".join(words), actor, kind=kind, most=limit), actor)
    if as_json:
        print_json(plain)
    else:
        _print(plain)


def _print(plain: dict[str, Any]) -> None:
    if plain["corrected_from"] is not None:
        typer.echo(f"Showing results for “{plain['q']}”.", err=True)
    for note in plain["notes"]:
        typer.echo(note, err=True)
    if not plain["kinds"]:
        typer.echo("Nothing was found.")
    for group in plain["kinds"]:
        rows = [[one["number"], one["title"], one["status"]] for one in group["records"]]
        print_table((group["kind"], f"{group['count']}{'+' if group['more'] else ''}", "status"), rows)


def _rebuild(check: bool, as_json: bool) -> None:
    """Compare the index with the records; mend it unless only a check was asked for."""
    from gnomon.records.search import rebuilding

    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done += count
        if count and done % 20_000 < count:
            typer.echo(f"{done:,} records", err=True)

    wrong = len(rebuilding.differences(progress)) if check else rebuilding.rebuild(progress)
    if as_json:
        print_json({"records": done, "wrong": wrong, "mended": 0 if check else wrong})
    elif check:
        typer.echo(f"{done:,} records were compared; {wrong:,} rows of the index differ.")
    else:
        typer.echo(f"{done:,} records were compared; {wrong:,} rows of the index were mended.")
    if check and wrong:
        raise typer.Exit(1)
