"""What commands print: JSON for machines, tables for people, sentences for refusals."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer


def begin() -> None:
    """Make the models usable; only commands that need them pay for it."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def refuse(says: str) -> NoReturn:
    """End with a sentence and exit code 2."""
    typer.echo(says, err=True)
    raise typer.Exit(2)


@contextmanager
def refusals_as_sentences() -> Iterator[None]:
    """Turn what was refused into a sentence; what nobody expected keeps its trace."""
    try:
        yield
    except BrokenPipeError:
        sys.stderr.close()
    except Exception as error:
        says = _sentence(error)
        if says is None:
            raise
        typer.echo(says, err=True)
        raise SystemExit(2) from None


def _sentence(error: Exception) -> str | None:
    from django.db import OperationalError, ProgrammingError

    from gnomon.records.refusals import InvalidFacts, Refused

    if isinstance(error, InvalidFacts) and len(error.fields) > 1:
        return "\n".join([error.says, *(f"  {name}: {says}" for name, says in error.fields.items())])
    if isinstance(error, Refused):
        return error.says
    if isinstance(error, OperationalError | ProgrammingError):
        if "no such table" in str(error) or "does not exist" in str(error):
            return "The database has no tables yet. Run “gnomon init” first."
        return f"The database cannot be used: {str(error).strip()}. Check GNOMON_HOME and GNOMON_DATABASE_URL."
    if type(error).__name__ in {"CannotServe", "CatalogueRefused", "ImportRefused", "MappingRefused"}:
        return str(error)
    return None


def print_json(body: Any) -> None:
    typer.echo(json.dumps(body, ensure_ascii=False, indent=2, default=str))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A plain table that fits the terminal and survives a pipe."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("–" if cell is None else str(cell) for cell in row))
    Console(highlight=False).print(table)


def facts_given(pairs: Sequence[str]) -> dict[str, Any]:
    """`name=value` words as a mapping; values that read as JSON are taken as such."""
    facts: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            refuse(f"“{pair}” is not of the form name=value, for example impact=1.")
        facts[name] = _value(text)
    return facts


def _value(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float | bool | list | dict) or value is None else text


def actor_named(name: str) -> Any:
    """The person who acts: a username or a number; the system when nothing is said."""
    from gnomon.organization.models import Person
    from gnomon.records.actors import SYSTEM

    if not name:
        return SYSTEM
    known = Person.objects.active()
    person = known.filter(username=name.lower()).first() or known.filter(number=name.upper()).first()
    if person is None:
        refuse(f"There is no active person “{name}”. List them with “gnomon list person”.")
    return person


def plain_pairs(facts: Mapping[str, Any]) -> list[list[Any]]:
    return [[name, value] for name, value in facts.items() if value not in (None, "", {}, [])]
