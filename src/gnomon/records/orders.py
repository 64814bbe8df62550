"""The order of a list, and the places in it where pages end: keyset cursors, flat however deep one reads."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField, milliseconds, moment
from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.narrowing import listed_field, nonsense
from gnomon.records.stretches import Stretch
from gnomon.records.texts import fault_of
from gnomon.standard.plugs import Actor


class Order:
    """By which field a list is sorted, and which way; equal ones, and those without a value, by their keys."""

    def __init__(self, kind: Kind, person: Actor, asked: str) -> None:
        self.sort = asked
        self.name, self.descending = asked.removeprefix("-"), asked.startswith("-")
        self.by_key = self.name in {"id", "number"}
        self._field = listed_field(kind, person, self.name)
        if self.name != "id" and isinstance(self._field, models.JSONField | models.TextField | None):
            raise nonsense("sort", _("The list cannot be sorted by “%(name)s”.") % {"name": self.name})

    def ordered(self, query: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The query in this order."""
        if self.by_key:
            return query.order_by("-id" if self.descending else "id")
        by = F(self.name).desc(nulls_last=True) if self.descending else F(self.name).asc(nulls_last=True)
        return query.order_by(by, "-id")

    def cursor(self, record: Record) -> str:
        """The marker of the place behind a record."""
        value = None if self.by_key else getattr(record, (self._field or record._meta.pk).attname)
        return self.marker(milliseconds(value) if isinstance(value, datetime) else value, record.pk)

    def marker(self, value: Any, key: int) -> str:
        """The marker of the place behind this value and key."""
        text = json.dumps([value if isinstance(value, int | str | None) else str(value), key])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def stretches(self, cursor: str) -> list[Stretch]:
        """The list from the cursor on, in its order; where the sorted field is empty it is a stretch of its own."""
        name, descending, field = self.name, self.descending, self._field
        value, key = self._read(cursor) if cursor else (None, 0)
        if self.by_key:
            behind = (Q(id__lt=key) if descending else Q(id__gt=key)) if cursor else Q()
            return [Stretch(behind, ("-id" if descending else "id",))]
        attribute = field.attname if isinstance(field, models.ForeignKey) else name
        filled, empty = Q(**{f"{attribute}__isnull": False}), Q(**{f"{attribute}__isnull": True})
        last = Stretch(empty & Q(id__lt=key) if cursor and value is None else empty, ("-id",))
        if cursor and value is None:
            return [last]
        if cursor:
            filled &= Q(**{f"{attribute}__{'lt' if descending else 'gt'}": value}) | Q(**{attribute: value}, id__lt=key)
        # By the column, not by what the related model is ordered by.
        first = Stretch(filled, (F(attribute).desc() if descending else F(attribute).asc(), "-id"))
        return [first, last] if field is not None and field.null else [first]

    def _read(self, cursor: str) -> tuple[Any, int]:
        try:
            value, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if type(key) is not int or abs(key) >= 2**63:
                raise ValueError
            return self._of_cursor(value), key
        except (ValueError, TypeError, OverflowError, RecursionError, ValidationError, binascii.Error):
            raise nonsense("cursor", _("This page marker is not ours. Begin again at the first page.")) from None

    def _of_cursor(self, value: Any) -> Any:
        """The value that a page ended with, of the type of its field; ValueError and its kin for anything else."""
        field = self._field
        if value is None or field is None:
            return None
        if isinstance(field, MomentField):
            return moment(value)
        if isinstance(field, models.ForeignKey):
            field = field.target_field
        if isinstance(value, list | dict) or (isinstance(value, str) and fault_of(value)):
            raise ValueError
        if isinstance(field, models.IntegerField) and abs(int(value)) >= 2**63:
            raise ValueError
        return field.to_python(value)
