"""The database itself refuses to change or delete what the ledger holds."""

# Only names of our own tables and columns are put into statements; values are parameters.
from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = {"records_ledgerentry": ("number", "version"), "records_leaf": ("position",), "records_checkpoint": ("size",)}

REFUSAL = "The ledger is only ever added to: {table} refuses {verb}. Record what is true now as a new entry."

_FUNCTION = """
CREATE OR REPLACE FUNCTION gnomon_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The ledger is only ever added to: % refuses %. Record what is true now as a new entry.',
    TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""

# Values that were erased give way to their commitments: in these columns alone, and only where a later entry of
# the record says that something was erased.
ERASABLE = ("personal", "because")
KEPT = (
    "sequence", "kind", "number", "version", "verb", "actor", "recorded_at", "happened_at", "facts", "digest", "seal",
)  # fmt: skip
_ERASING = (
    "EXISTS (SELECT 1 FROM records_ledgerentry later WHERE later.number = OLD.number "
    "AND later.version > OLD.version AND later.verb = OLD.kind || ':erased')"
)
_ENTRIES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION gnomon_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF {" AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in KEPT)} AND {_ERASING} THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'The ledger is only ever added to: % refuses %. Record what is true now as a new entry.',
    TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""


def guard(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on the ledger's tables; those that stand already are left alone.

    Called after every migration: SQLite alters a table by making it anew, without its triggers.
    """
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            cursor.execute(_ENTRIES_FUNCTION)
        elif "records_ledgerentry" in present:
            # It once refused every change; SQLite keeps a trigger as it was made.
            cursor.execute("DROP TRIGGER IF EXISTS records_ledgerentry_is_never_updated")
        for table in TABLES.keys() & present:
            for statement in _statements(connection.vendor, table):
                cursor.execute(statement)


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for tests that empty the database between themselves, and for nothing else."""
    with connection.cursor() as cursor:
        for table, name in _names(connection.vendor):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing_guards(connection: BaseDatabaseWrapper) -> list[str]:
    """Triggers that ought to stand and do not; somebody may have dropped them to change the ledger."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return [name for _table, name in _names(connection.vendor) if name not in present]


def _names(vendor: str) -> list[tuple[str, str]]:
    verbs = ("changed", "emptied") if vendor == "postgresql" else ("updated", "deleted", "replaced")
    return [(table, f"{table}_is_never_{verb}") for table in TABLES for verb in verbs]


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        function = "gnomon_only_erased" if table == "records_ledgerentry" else "gnomon_only_added_to"
        return [
            f"CREATE OR REPLACE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()",
            f"CREATE OR REPLACE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION gnomon_only_added_to()",
        ]
    same = " AND ".join(f"{column} = NEW.{column}" for column in TABLES[table])
    # INSERT OR REPLACE deletes without asking the delete trigger, so the insert asks whether it would.
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
    update = f"UPDATE ON {table}"
    if table == "records_ledgerentry":
        kept = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in KEPT)
        update += f" WHEN NOT ({kept} AND {_ERASING})"
    return [
        _sqlite(f"{table}_is_never_updated", update, REFUSAL.format(table=table, verb="UPDATE")),
        _sqlite(f"{table}_is_never_deleted", f"DELETE ON {table}", REFUSAL.format(table=table, verb="DELETE")),
        _sqlite(
            f"{table}_is_never_replaced", f"INSERT ON {table} WHEN {exists}",
            REFUSAL.format(table=table, verb="REPLACE"),
        ),
    ]  # fmt: skip


def _sqlite(name: str, event: str, says: str) -> str:
    return f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{says}'); END"
