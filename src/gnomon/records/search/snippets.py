"""Where the words that were looked for stand in a record: its title and a piece of its text, with marks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from gnomon.records.kinds import Kind
from gnomon.records.models import Comment
from gnomon.records.permissions import is_told, may
from gnomon.records.search.asking import Words
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
    kind: Kind, records: Sequence[Any], what: re.Pattern[str] | None, person: Actor
) -> dict[str, Text]:  # fmt: skip
    """For each record a piece of what this person may read of it; comments are asked for only when fields hold none."""
    if what is None or not records:
        return {record.number: () for record in records}
    long, short = _told_fields(kind, person)
    found = {record.number: _first_of((getattr(record, name) for name in long), what) for record in records}
    left = [r for r in records if not found[r.number] and not what.search(r.title)]
    said = _said([record.number for record in left if record.version > 1], person, kind)
    for record in left:
        found[record.number] = _first_of((*said[record.number], *(getattr(record, name) for name in short)), what)
    return found


def _told_fields(kind: Kind, person: Actor) -> tuple[list[str], list[str]]:
    """The searched fields that this person is told of: prose, and what is shorter, as a category."""
    told = [name for name in kind.searched if is_told(person, kind, name)]
    prose = [name for name in told if isinstance(kind.model._meta.get_field(name), models.TextField)]
    return prose, [name for name in told if name not in prose]


def _first_of(texts: Iterable[Any], what: re.Pattern[str]) -> Text:
    return next(filter(None, (snippet(str(text or ""), what) for text in texts)), ())


def _said(numbers: Sequence[str], person: Actor, kind: Kind) -> dict[str, list[str]]:
    said: dict[str, list[str]] = defaultdict(list)
    if not numbers:
        return said
    comments = Comment.objects.filter(number__in=numbers).order_by("-pk")
    if not may(person, "read", kind):
        comments = comments.filter(internal=False)
    for number, text in comments.values_list("number", "text")[:500]:
        said[number].append(text)
    return said
