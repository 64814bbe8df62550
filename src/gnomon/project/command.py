"""The `gnomon` command: the same actions as the pages and REST, for the terminal and for scripts."""

from __future__ import annotations

import os
from functools import cache

import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")


@cache
def application() -> typer.Typer:
    """All commands under one name."""
    from gnomon.project.commands import (
        about,
        bulk,
        clocks,
        comparing,
        configuration,
        conformity,
        describing,
        imports,
        installation,
        jobs,
        lake,
        ledger,
        measuring,
        merging,
        mining,
        notices,
        packs,
        people,
        records,
        reporting,
        sampling,
        searching,
        tokens,
        views,
        webhooks,
    )

    app = typer.Typer(
        name="gnomon",
        help="Gnomon 圭臬: service management by ISO/IEC 20000-1:2018, proved by its own records.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for part in (
        installation,
        imports,
        ledger,
        lake,
        conformity,
        measuring,
        comparing,
        mining,
        packs,
        sampling,
        people,
        tokens,
        notices,
        webhooks,
        records,
        about,
        merging,
        bulk,
        views,
        reporting,
        searching,
        clocks,
        jobs,
        configuration,
        describing,
    ):
        part.add_to(app)
    return app


def main() -> None:
    """Run a command; a refusal is one sentence on standard error and exit code 2."""
    from gnomon.project.commands.saying import refusals_as_sentences

    with refusals_as_sentences():
        application()(prog_name="gnomon")


if __name__ == "__main__":
    main()
