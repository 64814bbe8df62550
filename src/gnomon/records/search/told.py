"""People who are told only some of a record's fields find it by those alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from gnomon.records.kinds import Kind
from gnomon.records.models import Comment
from gnomon.records.permissions import is_told
from gnomon.records.queries.together import one_of, rows_together, text_of
from gnomon.records.search.index import COMMENTS
from gnomon.records.search.terms import Terms
from gnomon.records.search.words import words_of
from gnomon.standard.plugs import Actor


def told_fields(kind: Kind, person: Actor) -> list[str]:
    """The searched fields that this person is told of."""
    return [name for name in kind.searched if is_told(person, kind, name)]


def not_told(terms: Terms, found: Mapping[Kind, Iterable[int]], person: Actor) -> dict[Kind, set[int]]:
    """Those of the records found that hold the words only where this person may not read.

    Words of fields that are kept from them stand in the same row of the index; found by those, a record would
    tell what it must not. Few records hold any of the words there, and only of those everything is read.
    """
    told = {kind: told_fields(kind, person) for kind in found}
    kept = {kind: [n for n in kind.searched if n not in names] for kind, names in told.items()}
    doubtful = _doubtful(terms, {kind: found[kind] for kind, names in kept.items() if names}, kept)
    if not doubtful:
        return {}
    rows = rows_together({
        kind: kind.model._base_manager.filter(pk__in=one_of(pks))
        .order_by()
        .values_list("pk", "number", text_of("number", "title", *told[kind]))
        for kind, pks in doubtful.items()
    })  # fmt: skip
    said = _said_about([number for some in rows.values() for _pk, number, _text in some])
    return {
        kind: {
            pk for pk, number, text in some if not terms.held_by(" ".join(words_of(" ".join((text, *said[number])))))
        }
        for kind, some in rows.items()
    }


def _doubtful(
    terms: Terms, found: Mapping[Kind, Iterable[int]], kept: Mapping[Kind, list[str]]
) -> dict[Kind, set[int]]:
    """Those of which a field that is kept from the person holds one of the words."""
    rows = rows_together({
        kind: kind.model._base_manager.filter(pk__in=one_of(pks)).order_by().values_list("pk", text_of(*kept[kind]))
        for kind, pks in found.items()
    })  # fmt: skip
    doubtful = {kind: {pk for pk, text in some if _holds_one(text, terms.words)} for kind, some in rows.items()}
    return {kind: pks for kind, pks in doubtful.items() if pks}


def _holds_one(text: str, asked: Iterable[str]) -> bool:
    known = words_of(text)
    return any(word.startswith(one) for one in asked for word in known)


def _said_about(numbers: list[str]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = defaultdict(list)
    comments = Comment.objects.filter(number__in=numbers, internal=False).order_by("pk")
    for number, text in comments.values_list("number", "text"):
        if len(said[number]) < COMMENTS:
            said[number].append(text)
    return said
