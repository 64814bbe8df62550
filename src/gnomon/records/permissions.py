"""Who may do what: roles × kinds × verbs, in one place."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from gnomon.records.actors import is_system
from gnomon.records.definitions import acting, permitted
from gnomon.records.facts import lacks
from gnomon.records.kinds import Kind, kind_of
from gnomon.records.models.record import Record
from gnomon.records.refusals import NotAllowed
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Move

Q = TypeVar("Q", bound=models.QuerySet[Any])
VERBS = ("read", "create", "change", "comment", "export", "import")


def may(person: Actor, verb: str, kind: Kind) -> bool:
    """Whether one of the person's roles permits `verb` on this kind."""
    if is_system(person):
        return True
    return not acting(person.roles).isdisjoint(kind.holders(verb))


def require(person: Actor, verb: str, kind: Kind) -> None:
    """Refuse with a sentence when the person may not."""
    if not may(person, verb, kind):
        raise _not_allowed(kind, _verb_title(kind, verb))


def _not_allowed(kind: Kind, wish: str) -> NotAllowed:
    says = _("Your roles do not permit “%(verb)s” on %(kind)s. Ask an administrator for the role that you need.")
    return NotAllowed(says % {"verb": wish, "kind": kind.plural})


def may_move(person: Actor, kind: Kind, step: Move) -> bool:
    """Whether one of the person's roles permits this move of whichever version of the workflow."""
    return is_system(person) or not acting(person.roles).isdisjoint(movers(kind, step))


def movers(kind: Kind, step: Move) -> tuple[str, ...]:
    """The roles that may take this move of whichever version of the workflow."""
    return permitted(kind.name, step.name, kind.may.get(step.name, step.who))


def require_move(person: Actor, kind: Kind, step: Move) -> None:
    """Refuse with a sentence when the person may not take the move."""
    if not may_move(person, kind, step):
        raise _not_allowed(kind, str(step.title))


def fillable(person: Actor, kind: Kind, step: Move, record: Record) -> tuple[str, ...]:
    """The facts that this person may give with a move: who may not change a record gives only what it still lacks."""
    if may(person, "change", kind):
        return (*step.needs, *step.asks)
    return tuple(name for name in step.needs if lacks(record, name))


def recordable(person: Actor, kind: Kind) -> tuple[str, ...]:
    """The facts that this person may give with a new record: who may not change it gives what the kind asks of them."""
    return kind.asks if kind.asks and not may(person, "change", kind) else kind.fields


def visible(queryset: Q, person: Actor) -> Q:
    """The part of a query that the person may know of."""
    kind = kind_of(queryset.model)
    if may(person, "read", kind):
        return queryset
    if kind.sees is not None:
        return kind.sees(queryset, person)  # type: ignore[return-value]
    return queryset.none()


# What everybody knows of a record that they may know of at all.
TOLD_TO_ALL = frozenset({"number", "title", "description", "status", "version", "recorded_at", "custom"})


def told_to(person: Actor, kind: Kind) -> frozenset[str] | None:
    """The fields of what they see that this person is told of; None when all."""
    if may(person, "read", kind):
        return None
    return TOLD_TO_ALL.union(kind.columns, kind.asks, kind.shows)


def is_told(person: Actor, kind: Kind, name: str) -> bool:
    """Whether this person is told of a field, at whichever door."""
    known = told_to(person, kind)
    return known is None or name in known


def hears_reason(person: Actor, kind: Kind, verb: str, actor: str) -> bool:
    """Whether the reason given with `verb` by `actor` is this person's to read."""
    return actor == person.number or verb in kind.open_reasons or may(person, "read", kind)


def matrix() -> list[tuple[Kind, str, tuple[str, ...]]]:
    """Every kind and verb with the roles that may: what the permission page and its test read."""
    rows = []
    for kind in _kinds():
        rows += [(kind, verb, kind.holders(verb)) for verb in VERBS]
        rows += [(kind, move.name, kind.holders(move.name)) for move in kind.workflow.moves]
    return rows


def _kinds() -> tuple[Kind, ...]:
    from gnomon.records.kinds import kinds

    return kinds()


def _verb_title(kind: Kind, verb: str) -> str:
    titles = {
        "read": _("read"),
        "create": _("record"),
        "change": _("change"),
        "comment": _("comment"),
        "export": _("export"),
        "import": _("import"),
    }
    if verb in titles:
        return titles[verb]
    if verb in kind.verbs:
        return str(kind.verbs[verb])
    return str(kind.workflow.move(verb).title)
