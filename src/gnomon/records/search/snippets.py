"""Where the words that were looked for stand in a record: its title and a piece of its text, with marks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from gnomon.records.kinds import Kind
from gnomon.records.models import Comment
from gnomon.records.permissions import may
from gnomon.records.search.asking import Words
from gnomon.records.search.told import told_fields
from gnomon.records.search.words import is_han, runs_of
from gnomon.standard.plugs import Actor

AROUND = 60
LENGTH = 160


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `marked` when it is what was looked for."""

    text: str
    marked: bool = False


Text = tuple[Piece, ...]


def marking(words: Iterable[Words]) -> re.Pattern[str] | None:
    """What is marked for the words of a question; None when nothing is."""
    runs = {run for one in words if not one.unwanted for run in runs_of(one.text)}
    # Longest first, so that 打印机 is marked whole where 打印 was asked for too.
    parts = [
        re.escape(run) if is_han(run) else rf"(?<![^\W_]){re.escape(run)}[^\W_]*"
        for run in sorted(runs, key=lambda run: (-len(run), run))
    ]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def marked(text: str, what: re.Pattern[str] | None) -> Text:
    """A text in pieces, those that were looked for marked; templates escape each."""
    if what is None:
        return (Piece(text),)
    pieces: list[Piece] = []
    at = 0
    for found in what.finditer(text):
        if found.start() > at:
            pieces.append(Piece(text[at : found.start()]))
        pieces.append(Piece(found[0], marked=True))
        at = found.end()
    return (*pieces, Piece(text[at:])) if at < len(text) else tuple(pieces)


def snippet(text: str, what: re.Pattern[str] | None) -> Text:
    """The piece of a text around the first of what was looked for; nothing when it holds none."""
    found = what.search(text) if what is not None else None
    if found is None:
        return ()
    start = max(0, found.start() - AROUND)
    piece = " ".join(text[start : start + LENGTH].split())
    before, after = "…" if start else "", "…" if start + LENGTH < len(text) else ""
    return marked(f"{before}{piece}{after}", what)


def snippets_of(
    found: Mapping[Kind, Sequence[Any]], what: re.Pattern[str] | None, person: Actor
) -> dict[str, Text]:  # fmt: skip
    """For each record a piece of what this person may read of it; comments are asked for only when fields hold none.

    Those of all kinds together, by number.
    """
    texts: dict[str, Text] = {record.number: () for records in found.values() for record in records}
    if what is None:
        return texts
    left: list[tuple[Kind, Any]] = []
    for kind, records in found.items():
        long, _short = _told_fields(kind, person)
        for record in records:
            texts[record.number] = _first_of((getattr(record, name) for name in long), what)
            if not texts[record.number] and not what.search(record.title):
                left.append((kind, record))
    said = _said([(kind, record.number) for kind, record in left if record.version > 1], person)
    for kind, record in left:
        _long, short = _told_fields(kind, person)
        texts[record.number] = _first_of((*said[record.number], *(getattr(record, name) for name in short)), what)
    return texts


def _told_fields(kind: Kind, person: Actor) -> tuple[list[str], list[str]]:
    """The searched fields that this person is told of: prose, and what is shorter, as a category."""
    told = told_fields(kind, person)
    prose = [name for name in told if isinstance(kind.model._meta.get_field(name), models.TextField)]
    return prose, [name for name in told if name not in prose]


def _first_of(texts: Iterable[Any], what: re.Pattern[str]) -> Text:
    return next(filter(None, (snippet(str(text or ""), what) for text in texts)), ())


def _said(numbers: Sequence[tuple[Kind, str]], person: Actor) -> dict[str, list[str]]:
    """What was said about these records, the newest first; among staff only where the person may read all."""
    said: dict[str, list[str]] = defaultdict(list)
    if not numbers:
        return said
    among_staff = {number for kind, number in numbers if may(person, "read", kind)}
    comments = Comment.objects.filter(number__in=[number for _kind, number in numbers]).order_by("-pk")
    comments = comments if among_staff else comments.filter(internal=False)
    for number, text, internal in comments.values_list("number", "text", "internal")[:500]:
        if not internal or number in among_staff:
            said[number].append(text)
    return said
