"""The records of many kinds that hold the words somebody asks for, as far as they may know of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from gnomon.records.kinds import Kind
from gnomon.records.permissions import may, visible
from gnomon.records.queries.together import one_of, rows_together
from gnomon.records.search.matching import MOST, Hits, all_pks, among, hits
from gnomon.records.search.terms import Terms
from gnomon.records.search.told import kept_from, not_told
from gnomon.standard.plugs import Actor

ENOUGH = 51  # a page, and one more
LEFT = 3000  # records that filters may leave to be looked through one by one
TITLED = 250  # that hold the words in their titles come along, however many newer ones hold them elsewhere


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a kind is looked through: all of it, unless `query` says what filters and permissions leave."""

    kind: Kind
    query: models.QuerySet[Any] | None
    staff: bool

    @property
    def rows(self) -> models.QuerySet[Any]:
        everything: models.QuerySet[Any] = self.kind.model._base_manager.all()
        return everything if self.query is None else self.query


@dataclass(slots=True)
class Held:
    """Records of a kind, primary key → status (empty where nobody asked for it).

    `titled` hold the words in their titles; `complete` unless only the newest were looked through.
    """

    records: dict[int, str] = field(default_factory=dict)
    titled: set[int] = field(default_factory=set)
    complete: bool = True


Found = dict[Kind, Held]


def scope_of(kind: Kind, person: Actor, query: models.QuerySet[Any] | None = None) -> Scope:
    """The scope that a person has in a kind; `query` is what filters leave of what they may know of."""
    staff = may(person, "read", kind)
    if query is None and not staff:
        query = visible(kind.model.objects.all(), person)
    return Scope(kind, query, staff)


def held(
    terms: Terms, scopes: Iterable[Scope], person: Actor, *, most: int = MOST, ranked: bool = True, titles: bool = True
) -> Found:  # fmt: skip
    """The newest records of each scope that hold the words, with titles and status when they are to be `ranked`.

    Where too many hold them, those come along that hold them in their `titles`, from further back.

    When too many hold them and the newest of those hardly fill a page of a scope, the few records that it leaves
    are looked through instead; so both a rare word and a rare filter are answered whole. Where somebody may know of
    some records of a kind alone, those are looked through first, and the index is asked when they are many and hardly
    any holds the words. The number of statements is the same for one kind and for all.
    """
    asked = {scope.kind: scope for scope in scopes}
    if terms.is_empty:
        return _without(terms, asked, person, most)
    staff_of = {kind.name for kind, scope in asked.items() if scope.staff}
    # What somebody may know of who does not read the whole kind is theirs, and little: it is looked through at once.
    looked = _looked_through(terms.bare, [scope for scope in asked.values() if not scope.staff], staff_of)
    found = {kind: one for kind, one in looked.items() if one.complete or len(one.records) >= ENOUGH}
    left = [kind for kind in asked if kind not in found]
    # The index knows no fields: of kinds some of which are kept from this person it is not asked to leave words out.
    guarded = [kind for kind in left if terms.unwanted and kept_from(kind, person)]
    newest = hits(terms, [kind for kind in left if kind not in guarded], staff_of=staff_of, most=most)
    newest |= hits(terms.bare, guarded, staff_of=staff_of, most=most)
    titled = _titled(terms.bare, newest, staff_of, ranked) if titles else {}
    found |= _kept(asked, newest, titled, ranked)
    thin = [
        kind
        for kind in newest
        if asked[kind].query is not None and not found[kind].complete and len(found[kind].records) < ENOUGH
    ]
    found |= {kind: looked[kind] for kind in thin if kind in looked}
    found |= _looked_through(terms.bare, [asked[kind] for kind in thin if kind not in looked], staff_of)
    for kind, hidden in not_told(terms, {kind: one.records for kind, one in found.items()}, person).items():
        found[kind].records = {pk: status for pk, status in found[kind].records.items() if pk not in hidden}
    return found


def every_one(query: models.QuerySet[Any], terms: Terms, kind: Kind, person: Actor) -> models.QuerySet[Any]:
    """All records of a query that hold the words, however many and however long it takes: for files and bulk moves."""
    words = terms.bare if kept_from(kind, person) else terms
    found = query.filter(pk__in=all_pks(words, kind, staff=may(person, "read", kind)))
    hidden = not_told(terms, {kind: found.values_list("pk", flat=True)}, person)
    return found.exclude(pk__in=hidden[kind]) if hidden else found


def _titled(terms: Terms, newest: Mapping[Kind, Hits], staff_of: set[str], ranked: bool) -> dict[Kind, set[int]]:
    """Those that hold the words in their titles; where too many hold them anywhere, the newest of these further back."""
    wanted = {kind: one.pks for kind, one in newest.items() if ranked or not one.complete}
    found = among(terms, wanted, staff_of=staff_of, title=True)
    lacking = [kind for kind, pks in found.items() if not newest[kind].complete and len(pks) < TITLED]
    for kind, one in hits(terms, lacking, staff_of=staff_of, most=TITLED, title=True).items():
        found[kind].update(one.pks)
    return found


def _kept(
    asked: Mapping[Kind, Scope], newest: Mapping[Kind, Hits], titled: Mapping[Kind, set[int]], ranked: bool
) -> Found:  # fmt: skip
    """What was found, as far as the scopes let it through."""
    found = {kind: Held(dict.fromkeys(one.pks, ""), complete=one.complete) for kind, one in newest.items()}
    for kind, pks in titled.items():
        found[kind].titled = pks
        found[kind].records |= dict.fromkeys(pks, "")
    rows = rows_together({
        kind: asked[kind].rows.filter(pk__in=one_of(one.records)).order_by().values_list("pk", "status")
        for kind, one in found.items()
        if ranked or asked[kind].query is not None
    })  # fmt: skip
    for kind, some in rows.items():
        found[kind].records = dict(some)
    return found


def _looked_through(terms: Terms, scopes: Sequence[Scope], staff_of: set[str]) -> Found:
    """The newest records of these scopes, of which those are kept that hold the words."""
    if not scopes:
        return {}
    left = _newest(scopes, LEFT)
    holding = among(terms, left, staff_of=staff_of)
    titled = among(terms, holding, staff_of=staff_of, title=True)
    return {
        kind: Held({pk: rows[pk] for pk in holding[kind] if pk in rows}, titled[kind], len(rows) <= LEFT)
        for kind, rows in left.items()
    }


def _without(terms: Terms, asked: Mapping[Kind, Scope], person: Actor, most: int) -> Found:
    """The newest records that do not hold what is unwanted; the newest of all when nothing is."""
    bound = LEFT if terms.unwanted else most
    left = _newest(asked.values(), bound)
    hidden = not_told(terms, left, person) if terms.unwanted else {}
    return {
        kind: Held({pk: status for pk, status in rows.items() if pk not in hidden.get(kind, ())},
                   complete=len(rows) <= bound)
        for kind, rows in left.items()
    }  # fmt: skip


def _newest(scopes: Iterable[Scope], most: int) -> dict[Kind, dict[int, str]]:
    queries = {scope.kind: scope.rows.order_by("-pk").values_list("pk", "status")[: most + 1] for scope in scopes}
    return {kind: dict(rows) for kind, rows in rows_together(queries).items()}
