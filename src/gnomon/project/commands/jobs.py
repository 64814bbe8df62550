"""jobs list, jobs revive: the work that waits, and what failed for good."""

from __future__ import annotations

from typing import Annotated

import typer

from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse

jobs = typer.Typer(help="The outbox: what waits, runs, and failed for good.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(jobs, name="jobs")


@jobs.command("list")
def list_jobs(as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False) -> None:
    """Count the jobs, and list those that failed for good.

    Example: gnomon jobs list
    """
    begin()
    from gnomon.jobs.queries import counts, dead_letters

    dead = [
        {
            "job": job.pk,
            "name": job.name,
            "attempts": job.attempts,
            "finished_at": job.finished_at,
            "error": job.last_error,
        }
        for job in dead_letters()[:200]
    ]
    if as_json:
        print_json({**counts(), "dead_letters": dead})
        return
    typer.echo(", ".join(f"{state}: {count}" for state, count in counts().items()))
    if dead:
        last = [str(job["error"]).strip().rpartition("\n")[2] for job in dead]
        rows = [[job["job"], job["name"], job["attempts"], error] for job, error in zip(dead, last, strict=True)]
        print_table(("job", "name", "attempts", "last error"), rows)


@jobs.command()
def revive(
    job: Annotated[int, typer.Argument(help="Number of the job, as “gnomon jobs list” shows it.")],
    by: Annotated[str, typer.Option("--as", help="Who acts: username or number.", envvar="GNOMON_PERSON")] = "",
) -> None:
    """Give a job that failed for good all its attempts again.

    Example: gnomon jobs revive 42
    """
    begin()
    from gnomon.jobs import actions
    from gnomon.jobs.models import QueuedJob
    from gnomon.jobs.refusals import JobRefused

    found = QueuedJob.objects.filter(pk=job).first()
    if found is None:
        refuse(f"There is no job {job}. List them with “gnomon jobs list”.")
    try:
        actions.revive(found, actor_named(by))
    except JobRefused as refused:
        refuse(str(refused))
    typer.echo(f"Job {job} waits again.")
