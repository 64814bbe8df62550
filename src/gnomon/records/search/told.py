"""People who are told only some of a record's fields find it by those alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from gnomon.records.kinds import Kind
from gnomon.records.models import Comment
from gnomon.records.permissions import is_told, may
from gnomon.records.queries.together import one_of, rows_together, text_of
from gnomon.records.search.index import COMMENTS
from gnomon.records.search.matching import among
from gnomon.records.search.terms import Terms, whole
from gnomon.records.search.words import words_of
from gnomon.standard.plugs import Actor


def told_fields(kind: Kind, person: Actor) -> list[str]:
    """The searched fields that this person is told of."""
    return [name for name in kind.searched if is_told(person, kind, name)]


def kept_from(kind: Kind, person: Actor) -> list[str]:
    """The searched fields that this person is not told of; their words stand in the index among all others."""
    return [name for name in kind.searched if not is_told(person, kind, name)]


def not_told(terms: Terms, found: Mapping[Kind, Iterable[int]], person: Actor) -> dict[Kind, set[int]]:
    """Those of the records found that hold the words only where this person may not read, or unwanted ones where they may.

    Words of fields that are kept from them stand in the same row of the index; found by those, or missed for those,
    a record would tell what it must not. Few records hold any of the words there, and only of those everything is read.
    """
    told = {kind: told_fields(kind, person) for kind in found}
    kept = {kind: names for kind in found if (names := kept_from(kind, person))}
    doubtful = _doubtful(terms, {kind: found[kind] for kind in kept}, kept)
    hidden: dict[Kind, set[int]] = {}
    for kind, pks in _holding_unwanted(terms, found, person).items():
        (doubtful if kind in kept else hidden).setdefault(kind, set()).update(pks)
    if not doubtful:
        return hidden
    rows = rows_together({
        kind: kind.model._base_manager.filter(pk__in=one_of(pks))
        .order_by()
        .values_list("pk", "number", text_of("number", "title", *told[kind]))
        for kind, pks in doubtful.items()
    })  # fmt: skip
    said = _said_about([number for some in rows.values() for _pk, number, _text in some])
    return hidden | {
        kind: {
            pk for pk, number, text in some if not terms.held_by(" ".join(words_of(" ".join((text, *said[number])))))
        }
        for kind, some in rows.items()
    }


def _holding_unwanted(terms: Terms, found: Mapping[Kind, Iterable[int]], person: Actor) -> dict[Kind, set[int]]:
    """Those of which a row holds what is unwanted, words among staff included where this person reads them."""
    if not terms.unwanted:
        return {}
    some = {kind: given for kind, pks in found.items() if (given := list(pks))}
    staff_of = {kind.name for kind in some if may(person, "read", kind)}
    holding: dict[Kind, set[int]] = {}
    for group in terms.unwanted:
        for kind, pks in among(whole(group), some, staff_of=staff_of).items():
            holding.setdefault(kind, set()).update(pks)
    return {kind: pks for kind, pks in holding.items() if pks}


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
