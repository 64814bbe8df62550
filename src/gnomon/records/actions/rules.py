"""Rules that the database keeps, as sentences for those who would break them."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext as _

from gnomon.records.models import Record

_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


def broken_rule(model: type[Record], error: str) -> str:
    """The rule that the database kept, as a sentence."""
    return blamed(model, error)[1]


def blamed(model: type[Record], error: str) -> tuple[str, str]:
    """The field to blame and the sentence; `title` when the rule is about no single field."""
    unique = _SQLITE_UNIQUE.search(error)
    columns = [part.rpartition(".")[2] for part in unique[1].split(", ")] if unique else []
    for field in model._meta.concrete_fields:
        # SQLite names the column, PostgreSQL says: Key (username)=(bob) already exists.
        if field.unique and (columns == [field.column] or f"({field.column})=" in error):
            return field.name, _("Another record already has this %(field)s.") % {"field": field.verbose_name}
    for constraint in model._meta.constraints:
        if constraint.name in error or _is_unique_on(model, constraint, columns):
            return "title", _("This would break the rule “%(rule)s”.") % {"rule": constraint.name.replace("_", " ")}
    return "title", _("The database refused this: %(error)s.") % {"error": error.strip().rstrip(".")}


def _is_unique_on(model: type[Record], constraint: models.BaseConstraint, columns: list[str]) -> bool:
    """SQLite tells the columns of a rule, not its name."""
    if not columns or not isinstance(constraint, models.UniqueConstraint):
        return False
    return [model._meta.get_field(name).column for name in constraint.fields] == columns  # type: ignore[union-attr]
