"""What commands print: JSON for machines, tables for people, sentences for refusals."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from gnomon.records.kinds import Kind


def begin() -> None:
    """Make the models usable; only commands that need them pay for it."""
    import django
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured

    if apps.ready:
        return
    try:
        django.setup()
    except (ImproperlyConfigured, ValueError, OSError) as error:
        refuse(f"The settings cannot be used: {_plain(error)}. Check the variables that begin with GNOMON_.")


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
        return f"The database cannot be used: {_plain(error)}. Check GNOMON_HOME and GNOMON_DATABASE_URL."
    if isinstance(error, OSError) and error.filename:
        return f"“{error.filename}” cannot be used: {error.strerror}. Check GNOMON_HOME, or the path."
    if type(error).__name__ in {"CannotServe", "CatalogueRefused", "ImportRefused", "MappingRefused"}:
        return str(error)
    return None


def _plain(error: Exception) -> str:
    """What a library says, on one line and without its full stop."""
    return " ".join(str(error).split()).rstrip(".?!")


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
        table.add_row(*("–" if cell is None else _harmless(str(cell)) for cell in row))
    piped = None if sys.stdout.isatty() else WIDE
    Console(highlight=False, markup=False, emoji=False, width=piped).print(table)


WIDE = 10_000  # whoever reads a pipe wants one line for a row


def _harmless(text: str) -> str:
    """Without signs that would steer the terminal; people typed them into records."""
    return "".join(sign if sign == "\n" or unicodedata.category(sign) != "Cc" else "�" for sign in text)


class Bar:
    """A bar on the terminal for work that lasts, told how much is done; nothing in a pipe or when silent."""

    def __init__(self, what: str, total: int | None = None, *, silent: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, disable=silent or not console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task(what, total=total)

    def __enter__(self) -> Callable[[int], None]:
        self._bar.start()
        return lambda done: self._bar.advance(self._task, done)

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()


def facts_given(kind: Kind, pairs: Sequence[str]) -> dict[str, Any]:
    """`name=value` words as facts of a kind; numbers, truth and lists are read where the field holds such."""
    return {name: _value(kind, name, text) for name, text in named_values(pairs, "impact=1")}


def named_values(pairs: Iterable[str] | None, example: str) -> Iterator[tuple[str, str]]:
    """Words of the form `name=value` as name and value; whatever else is refused with an example."""
    for pair in pairs or ():
        name, equals, text = pair.partition("=")
        if not equals or not name:
            refuse(f"“{pair}” is not of the form name=value, for example {example}.")
        yield name, text


def _value(kind: Kind, name: str, text: str) -> Any:
    from django.db import models

    field = next((f for f in kind.model._meta.concrete_fields if f.name == name), None)
    if isinstance(field, models.CharField | models.TextField):
        return text
    if text == "":
        return None
    if isinstance(field, models.ForeignKey):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


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


@contextmanager
def rising(says: str, total: int, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """A bar that grows with each step, on a terminal; a silent step elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _count: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(says, total=total)
        yield lambda count: bar.advance(task, count)
