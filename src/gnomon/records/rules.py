"""Rules: what decides over the records of others, such as a matrix, an agreement or a workflow, read once and trusted.

Whoever writes asks the same few rules each time, and hardly ever has one changed. So each change of a rule puts
another mark into the database, by trigger and in its own transaction, whoever makes it. A process keeps what it was
answered beside the mark of then; it trusts that while it thinks, and the first statement of its write tells whether
the mark is still the same. If not, nothing was written, and it thinks anew (docs/decisions/writes-think-first.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper

from gnomon.jobs.asking import rows_of, this_connection
from gnomon.jobs.questions import Question
from gnomon.records.kinds import kinds

Row = TypeVar("Row")
MARK = "(SELECT mark FROM records_rulemark)"
_ANOTHER = {"sqlite": "random()", "postgresql": "(random() * 9e15)::bigint"}


class Known:
    """What a process was answered by the rules under one mark."""

    __slots__ = ("answers", "mark")

    def __init__(self, mark: int) -> None:
        self.mark = mark
        self.answers: dict[tuple[Any, ...], list[Any]] = {}


class _Process:
    """What this process knows; threads may replace it under each other's hands, which costs an answer at most."""

    known: Known | None = None


_trusted: ContextVar[Known | None] = ContextVar("rules", default=None)
_reads: ContextVar[bool] = ContextVar("reads_rules", default=False)


class Rules(Generic[Row]):
    """A question about rules: asks the database, except while somebody thinks ahead who will look at the mark."""

    def __init__(self, question: Question[Row]) -> None:
        self._question = question

    def tables(self) -> frozenset[str]:
        """The tables that it reads; every one belongs to a kind with `rules`."""
        return self._question.tables()

    def all(self, **values: Any) -> list[Row]:
        """All rows of the answer."""
        known = _trusted.get()
        if known is None:
            return self._question.all(**values)
        key = (self, *values.values())
        found = known.answers.get(key)
        if found is None:
            with reading():
                found = known.answers[key] = self._question.all(**values)
        return list(found)

    def first(self, **values: Any) -> Row | None:
        """The first row in the order of the query, or None."""
        rows = self.all(**values)
        return rows[0] if rows else None


def last_known() -> Known | None:
    """What this process knows of the rules; None while the database bears no mark."""
    if _Process.known is None:
        look()
    return _Process.known


def look() -> int | None:
    """Ask which mark the database bears, and take note of it."""
    mark: int | None = rows_of(f"SELECT {MARK}", [], often=True)[0][0]
    see(mark)
    return mark


def see(mark: int | None) -> None:
    """Take note of the mark that the database bears: what was known under another is forgotten."""
    known = _Process.known
    if known is None or known.mark != mark:
        _Process.known = None if mark is None else Known(mark)


def still(known: Known, mark: int | None) -> bool:
    """Whether the rules are as they are known, for a write that found this mark under its locks."""
    see(mark)
    return mark == known.mark


@contextmanager
def trusting(known: Known | None) -> Iterator[None]:
    """Take the rules as they are known, for as long as the block lasts; None asks the database."""
    token = _trusted.set(known)
    try:
        yield
    finally:
        _trusted.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """What is asked within is asked of rules."""
    token = _reads.set(True)
    try:
        yield
    finally:
        _reads.reset(token)


class AsksOthers(BaseException):
    """A thought was about to put a statement to the database that is about more than rules; no `except Exception`
    between it and whoever wants to know may take it for a failure."""


@contextmanager
def alone() -> Iterator[None]:
    """Let nothing within ask the database of anything but rules, or write: AsksOthers, before it is done."""

    def only_rules(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not _reads.get():
            raise AsksOthers(sql)
        return execute(sql, params, many, context)

    with this_connection().execute_wrapper(only_rules):
        yield


def distrust() -> None:
    """A rule was changed in this very transaction: ask the database for the rest of it."""
    _trusted.set(None)


def watch(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on the tables of all rules; after each migration, as those of the ledger."""
    present = set(connection.introspection.table_names())
    if "records_rulemark" not in present:
        return
    another = _ANOTHER[connection.vendor]
    put = (
        f"INSERT INTO records_rulemark (id, mark) VALUES (1, {another}) "
        "ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"
    )
    with connection.cursor() as cursor:
        cursor.execute(put)
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION gnomon_rule_changed() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {put}; RETURN NULL; END $$"
            )
        for kind in kinds():
            table = kind.model._meta.db_table
            if kind.rules and table in present:
                for statement in _triggers(connection.vendor, table, put):
                    cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Triggers that ought to stand and do not: a change of their rules would go unnoticed."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    ends = ("",) if connection.vendor == "postgresql" else ("_insert", "_update", "_delete")
    tables = [kind.model._meta.db_table for kind in kinds() if kind.rules]
    return [name for table in tables for end in ends if (name := f"{table}_is_a_rule{end}") not in present]


def _triggers(vendor: str, table: str, put: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"CREATE OR REPLACE TRIGGER {table}_is_a_rule AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION gnomon_rule_changed()"
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_is_a_rule_{verb.lower()} AFTER {verb} ON {table} BEGIN {put}; END"
        for verb in ("INSERT", "UPDATE", "DELETE")
    ]
