"""sample draw, show, list, judge, redraw: what auditors look at, and that anybody draws the same."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gnomon.project.commands.records import Json, Who
from gnomon.project.commands.saying import actor_named, begin, named_values, print_json, print_table, refuse

samples = typer.Typer(help="Samples: draw one, judge its records, draw it again.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(samples, name="sample")


@samples.command("draw")
def draw_one(
    requirement: Annotated[str, typer.Argument(help="A requirement, as 8.6.1-b.")],
    rule: Annotated[int, typer.Option(help="One of its rules; 0 takes those that decide together.")] = 0,
    part: Annotated[str, typer.Option(help="seen, late or failed.")] = "seen",
    run: Annotated[str, typer.Option(help="The run that counted them; the newest when left out.")] = "",
    method: Annotated[str, typer.Option(help="random, stratified, all or judgement.")] = "random",
    stratified_by: Annotated[str, typer.Option(help="priority, service, team, category, month, outcome or kind.")] = "",
    size: Annotated[int | None, typer.Option(help="How many; the suggested size when left out.")] = None,
    seed: Annotated[str, typer.Option(help="Drawn by lot when left out.")] = "",
    record: Annotated[list[str] | None, typer.Option(help="By judgement: NUMBER=reason; once for each.")] = None,
    because: Annotated[str, typer.Option(help="What it is for.")] = "",
    by: Who = "",
    as_json: Json = False,
) -> None:
    """Draw a sample from the records that a run counted and froze.

    Example: gnomon sample draw 8.6.1-b --rule 1 --size 25 --seed 20260415 --as dave
    """
    begin()
    from gnomon.certification import actions
    from gnomon.records.kinds import find_record

    order: dict[str, Any] = {"rule": rule, "part": part, "method": method, "stratified_by": stratified_by,
                             "size": size, "seed": seed,
                             "named": dict(named_values(record, "INC-000042=reopened twice"))}  # fmt: skip
    if run:
        order["run"] = find_record(run.upper()) or refuse(
            f"There is no run {run}. List them: gnomon list conformity_run."
        )
    sample = actions.draw_sample(requirement, by=actor_named(by), because=because, **order)
    if sample.status == "ordered":
        sample = actions.draw_ordered(sample.number)
    if sample.status == "refused":
        refuse(f"{sample.number} could not be drawn. gnomon show {sample.number} says why.")
    _tell(sample, as_json)


@samples.command("show")
def show_one(number: Annotated[str, typer.Argument(help="A sample, as SMP-000001.")], as_json: Json = False) -> None:
    """What was drawn, from what, how, and what was found.

    Example: gnomon sample show SMP-000001
    """
    begin()
    _tell(_named(number), as_json)


@samples.command("list")
def list_all(
    requirement: Annotated[str, typer.Argument(help="A requirement; all when left out.")] = "", as_json: Json = False
) -> None:
    """The samples that were drawn, the newest first.

    Example: gnomon sample list 8.6.1-b
    """
    begin()
    from gnomon.certification.models import Sample
    from gnomon.certification.queries.samples import as_object

    found = Sample.objects.select_related("run").order_by("-id")
    told = [as_object(each) for each in (found.filter(requirement=requirement) if requirement else found)]
    if as_json:
        print_json(told)
        return
    columns = ("sample", "status", "requirement", "run", "method", "seed", "drawn", "of", "found")
    print_table(columns, [
        [each["number"], each["status"], each["requirement"], each["run"], each["method"], each["seed"], each["size"],
         each["population"]["count"], _found(each["found"])]
        for each in told
    ])  # fmt: skip


@samples.command("judge")
def judge_one(
    number: Annotated[str, typer.Argument(help="A sample, as SMP-000001.")],
    record: Annotated[str, typer.Argument(help="A record that was drawn.")],
    outcome: Annotated[str, typer.Argument(help="conforming, nonconforming or not_applicable.")],
    because: Annotated[str, typer.Option(help="What was seen.")] = "",
    by: Who = "",
    as_json: Json = False,
) -> None:
    """Tell what was found of one record; nobody judges their own work.

    Example: gnomon sample judge SMP-000001 INC-000042 nonconforming --because "No priority for an hour" --as dave
    """
    begin()
    from gnomon.certification import actions

    sample = _named(number)
    actions.examine(sample, record.upper(), outcome, by=actor_named(by), because=because)
    _tell(sample, as_json)


@samples.command("redraw")
def redraw_one(
    number: Annotated[str, typer.Argument(help="A sample, as SMP-000001; none with --population.")] = "",
    population: Annotated[Path | None, typer.Option(help="A file with a number a line, - for the input.")] = None,
    seed: Annotated[str, typer.Option(help="With --population: the seed.")] = "",
    size: Annotated[int, typer.Option(help="With --population: how many.")] = 25,
    as_json: Json = False,
) -> None:
    """Draw again: a sample kept here, or at random from a list of one's own, which needs no database.

    Exit 0 when the same records come out, 1 when others do.

    Example: gnomon sample redraw SMP-000001
    Example: gnomon sample redraw --population numbers.txt --seed 20260415 --size 25
    """
    if population is not None:
        _from_list(population, seed, size, as_json)
        return
    begin()
    from gnomon.certification.queries.samples import redraw

    sample = _named(number)
    again = redraw(sample)
    if as_json:
        print_json({"number": sample.number, "same": not again.faults, "faults": again.faults, "drawn": again.numbers,
                    "population": {"count": again.population, "digest": again.digest}})  # fmt: skip
    else:
        for says in again.faults or [f"The same {len(again.numbers)} records of {again.population} were drawn."]:
            typer.echo(says)
    raise typer.Exit(1 if again.faults else 0)


def _from_list(file: Path, seed: str, size: int, as_json: bool) -> None:
    from gnomon.certification.numbers import Numbers
    from gnomon.certification.samples import draw

    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    numbers = Numbers.of(line.strip() for line in text.splitlines() if line.strip())
    drawn = draw(numbers, seed, size)
    if as_json:
        print_json({"drawn": drawn, "population": {"count": len(numbers), "digest": numbers.digest}})
        return
    typer.echo("\n".join(drawn))


def _tell(sample: Any, as_json: bool) -> None:
    from gnomon.certification.queries.samples import as_object, examined

    told = as_object(sample)
    if as_json:
        print_json(told)
        return
    population = told["population"]
    typer.echo(
        f"{told['number']} ({told['status']}): {told['size']} of {population['count']} records that {told['run']} counted "
        f"for {told['requirement']}, {told['method']}."
    )
    typer.echo(f"Population {population['digest']}" + (f", seed {told['seed']}." if told["seed"] else "."))
    found = examined(told["number"])
    rows = [[each, found[each].outcome if each in found else "", found[each].because if each in found else ""]
            for each in told["drawn"]]  # fmt: skip
    print_table(("record", "found", "what was seen"), rows)


def _found(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)


def _named(number: str) -> Any:
    from gnomon.certification.models import Sample

    return Sample.objects.filter(number=number.upper()).first() or refuse(
        f"There is no sample {number}. List them: gnomon sample list."
    )
