"""What a search found as plain data: for REST and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gnomon.records.search.across import Answer, Group, led_to
from gnomon.records.search.snippets import Text, marking, snippets_of
from gnomon.standard.plugs import Actor


def as_plain(answer: Answer, person: Actor) -> dict[str, Any]:
    """The answer as JSON-ready data; counts end at a bound, and `more` says when there are further ones."""
    correction = answer.correction
    found = {group.kind: group.records for group in answer.groups}
    texts = snippets_of(found, marking(answer.asked.words), person)
    return {
        "q": answer.asked.typed,
        "corrected_from": correction.typed if correction is not None else None,
        "filters": [{"name": title, "value": value, "not": wish.unwanted} for title, value, wish in answer.shown],
        "notes": answer.notes,
        "complete": answer.complete,
        "kinds": [_group(group, texts, person) for group in answer.groups],
    }


def _group(group: Group, texts: Mapping[str, Text], person: Actor) -> dict[str, Any]:
    return {
        "kind": group.kind.name,
        "count": group.counted,
        "more": group.more,
        "records": [
            {
                "number": record.number, "title": record.title, "status": record.status,
                "url": record.get_absolute_url(), "text": _text(texts[record.number]),
                "leads_to": _number(led_to(group.kind, record, person)),
            }
            for record in group.records
        ],
    }  # fmt: skip


def _number(record: Any) -> str | None:
    return record.number if record is not None else None


def _text(pieces: Text) -> str:
    return "".join(piece.text for piece in pieces)
