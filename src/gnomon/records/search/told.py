"""People who are told only some of a record's fields find it by those alone."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import models

from gnomon.records.kinds import Kind
from gnomon.records.models import Comment
from gnomon.records.permissions import is_told
from gnomon.records.search.index import COMMENTS
from gnomon.records.search.terms import Terms
from gnomon.records.search.words import words_of
from gnomon.standard.plugs import Actor

LOOKED_AT = 500  # of the newest that the index found; more of their own nobody has that hold the same words


def told_of(query: models.QuerySet[Any], terms: Terms, kind: Kind, person: Actor) -> models.QuerySet[Any]:
    """The records of a query that hold the words in what this person may read of them.

    Words of fields that are kept from them stand in the same row of the index; found by those, a record would
    tell what it must not.
    """
    told = [name for name in kind.searched if is_told(person, kind, name)]
    if terms.is_empty or len(told) == len(kind.searched):
        return query
    records = list(query.order_by("-pk")[:LOOKED_AT])
    said = _said_about([record.number for record in records])
    kept = [record.pk for record in records if terms.held_by(_text(record, told, said[record.number]))]
    return kind.model.objects.filter(pk__in=kept)


def _said_about(numbers: list[str]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = defaultdict(list)
    comments = Comment.objects.filter(number__in=numbers, internal=False).order_by("pk")
    for number, text in comments.values_list("number", "text"):
        if len(said[number]) < COMMENTS:
            said[number].append(text)
    return said


def _text(record: Any, names: list[str], said: list[str]) -> str:
    fields = (str(getattr(record, name) or "") for name in names)
    return " ".join(words_of(" ".join((record.number, record.title, *fields, *said))))
