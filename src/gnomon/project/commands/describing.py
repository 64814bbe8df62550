"""openapi: the API's description of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gnomon.project.commands.saying import begin


def add_to(app: typer.Typer) -> None:
    app.command()(openapi)


def openapi(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; to the terminal when left out.")] = None,
) -> None:
    """Tell what the REST API offers, as OpenAPI 3.1.

    Example: gnomon openapi docs/openapi.json
    """
    begin()
    from gnomon.api.doors import whole
    from gnomon.api.openapi import document

    text = document(whole())
    if file is None:
        typer.echo(text, nl=False)
        return
    file.write_text(text, encoding="utf-8")
    typer.echo(f"Written to {file}.")
