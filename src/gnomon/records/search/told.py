"""People who are told only some of a record's fields find it by those alone."""

from __future__ import annotations

from typing import Any

from django.db import models

from gnomon.records.kinds import Kind
from gnomon.records.models import Comment
from gnomon.records.permissions import is_told
from gnomon.records.search.index import COMMENTS
from gnomon.records.search.terms import Terms
from gnomon.records.search.words import words_of
from gnomon.standard.plugs import Actor


def told_of(query: models.QuerySet[Any], terms: Terms, kind: Kind, person: Actor) -> models.QuerySet[Any]:
    """The records of a query that hold the words in what this person may read of them.

    Words of fields that are kept from them stand in the same row of the index; found by those, a record would
    tell what it must not.
    """
    told = [name for name in kind.searched if is_told(person, kind, name)]
    if terms.is_empty or len(told) == len(kind.searched):
        return query
    kept = [record.pk for record in query if terms.held_by(_text(record, told))]
    return query.filter(pk__in=kept)


def _text(record: Any, names: list[str]) -> str:
    said = Comment.objects.filter(number=record.number, internal=False).order_by("pk")
    comments = said.values_list("text", flat=True)[:COMMENTS]
    fields = (str(getattr(record, name) or "") for name in names)
    return " ".join(words_of(" ".join((record.number, record.title, *fields, *comments))))
