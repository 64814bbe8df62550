"""Columns of numbers, which an extra brings: the one place that says what to do when it is missing."""

from __future__ import annotations

from importlib.util import find_spec

from django.utils.translation import gettext as _


class ColumnsMissing(RuntimeError):
    """Process mining counts on columns of numbers, and what does that is not installed; says how to install it."""


def columns_are_there() -> bool:
    """Whether this installation can mine processes."""
    return find_spec("numpy") is not None and find_spec("pyarrow") is not None


def require_columns() -> None:
    """ColumnsMissing with a sentence when this installation cannot mine processes."""
    if not columns_are_there():
        raise ColumnsMissing(_("Process mining needs the extra “lake”. Install it with: pip install 'gnomon[lake]'."))
