"""init, serve, worker: bring an installation up and keep it running."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from gnomon.project.commands.saying import begin, print_table, refuse


def add_to(app: typer.Typer) -> None:
    app.command()(init)
    app.command()(serve)
    app.command()(worker)
    app.command()(demo)


def init(
    demo: Annotated[bool, typer.Option("--demo", help="Also load the fictional demo organisation.")] = False,
) -> None:
    """Make the database, the keys, and what every installation begins with; safe to repeat.

    Example: gnomon init --demo
    """
    begin()
    from gnomon.project import sqlite
    from gnomon.project.beginning import prepare

    began = time.monotonic()
    if says := sqlite.warning():
        typer.echo(says, err=True)
    prepare(demo=demo, say=lambda text: typer.echo(text, err=True))
    typer.echo(f"Ready in {time.monotonic() - began:.1f} s.")


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(help="Web processes; one is right for the embedded database.")] = 1,
    threads: Annotated[int, typer.Option(help="Threads of each web process.")] = 2,
    job_workers: Annotated[int, typer.Option(help="Processes that do the work of the outbox.")] = 1,
) -> None:
    """Run the web server and the worker until Ctrl-C.

    Example: gnomon serve --host 0.0.0.0 --port 8080
    """
    begin()
    from gnomon.project.beginning import collect_static, is_prepared
    from gnomon.project.serve import serve_instead

    if not is_prepared():
        refuse("The database is not ready for this version. Run “gnomon init” first.")
    collect_static()
    serve_instead(host, port, workers, threads, job_workers=job_workers)


def worker() -> None:
    """Run one more worker beside a server that is already there.

    Example: gnomon worker
    """
    begin()
    from gnomon.jobs.worker import work_until_told

    work_until_told()


def demo(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Load the demo organisation when it is not there yet, and serve it.

    Example: gnomon demo --port 8000
    """
    begin()
    from gnomon.project.beginning import is_prepared, prepare, sign_ins

    if not is_prepared(demo=True):
        prepare(demo=True, say=lambda text: typer.echo(text, err=True))
    typer.echo("A fictional organisation. Sign in as:")
    print_table(("username", "password", "role"), sign_ins())
    serve(host=host, port=port, workers=1, threads=2, job_workers=1)
