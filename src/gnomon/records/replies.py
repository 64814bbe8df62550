"""Words that are ready to be said about a record: apps offer them, the comment box takes them in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gnomon.records.models import Record
from gnomon.standard.collect import collect
from gnomon.standard.plugs import Actor


@dataclass(frozen=True, slots=True)
class Reply:
    """A ready reply in a list: the name it is asked for by, what people call it, and the beginning of its words."""

    name: str
    title: str
    beginning: str = ""


@dataclass(frozen=True, slots=True)
class ReplySource:
    """Where ready replies come from.

    Declared in `<app>/replies.py`. `offers(record, person)` lists those that fit a record, for those who read
    the whole kind; `text(record, person, name)` is one of them with its gaps filled, or None when it has none
    of that name for them.
    """

    offers: Callable[[Record, Actor], Sequence[Reply]]
    text: Callable[[Record, Actor, str], str | None]


def replies_for(record: Record, person: Actor) -> list[Reply]:
    """All ready replies that fit a record."""
    return [reply for source in collect("replies", ReplySource) for reply in source.offers(record, person)]


def reply_text(record: Record, person: Actor, name: str) -> str | None:
    """The words of one ready reply about a record."""
    texts = (source.text(record, person, name) for source in collect("replies", ReplySource))
    return next((text for text in texts if text is not None), None)
