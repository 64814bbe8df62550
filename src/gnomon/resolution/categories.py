"""Categories: their rules, what they mean for an incident, and how two become one (8.6.1 a)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gnomon.jobs.actions import enqueue
from gnomon.organization.models import Person
from gnomon.records import actions, permissions
from gnomon.records.actors import SYSTEM
from gnomon.records.custom import is_chinese
from gnomon.records.kinds import Change
from gnomon.records.memory import Fresh
from gnomon.records.models import Record
from gnomon.records.refusals import InvalidFacts, Refused
from gnomon.resolution.models import Category, Incident
from gnomon.standard.plugs import Actor

MERGE = "category:merge"
AT_ONCE = 200
LONGEST = 120


# --- what must hold -------------------------------------------------------------------------------


def what_is_wrong(record: Record, change: Change) -> Mapping[str, str]:
    """Two steps and no more; a category with subcategories in use stays."""
    assert isinstance(record, Category)
    faults: dict[str, str] = {}
    if len(record.title) > LONGEST:
        faults["title"] = _("A category has at most %(most)d characters.") % {"most": LONGEST}
    if record.parent is not None:
        if record.parent.parent_id is not None or record.parent_id == record.pk:
            faults["parent"] = _("%(parent)s is a subcategory itself. Choose a category.") % {
                "parent": record.parent.title
            }
        elif record.pk and record.subcategories.exists():
            faults["parent"] = _("%(title)s has subcategories, so it cannot be one.") % {"title": record.title}
    retires = change.move is not None and change.move.end == "retired"
    if retires and record.subcategories.filter(status="in_use").exists():
        faults["title"] = _("%(title)s has subcategories in use. Retire them first.") % {"title": record.title}
    return faults


# --- what this process remembers of the tree ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """A category as forms and lists need it."""

    pk: int
    title: str
    title_zh: str
    parent: str
    retired: bool

    @property
    def words(self) -> str:
        """What people read."""
        return self.title_zh if self.title_zh and is_chinese() else self.title


def _read() -> tuple[Known, ...]:
    rows = Category.objects.order_by("title", "pk").values_list(
        "pk", "title", "title_zh", "parent__title", "status", "parent_id"
    )
    known = [(Known(pk, title, zh, above or "", status != "in_use"), up) for pk, title, zh, above, status, up in rows]
    tops = [one for one, up in known if up is None]
    return tuple(each for top in tops for each in (top, *(one for one, up in known if up == top.pk)))


tree = Fresh(_read)  # all categories, each after the one that it is part of
forget_tree = tree.forget


def in_words(value: str, *, sub: bool = False) -> str:
    """What people read of a category; words that no category has stand for themselves."""
    for one in tree():
        if one.title == value and bool(one.parent) is sub:
            return one.words
    return value


def offered(*, sub: bool = False) -> list[tuple[str, str]]:
    """Categories to choose from: (value, what people read)."""
    found = [one for one in tree() if not one.retired and bool(one.parent) is sub]
    above = {one.title: one.words for one in tree() if not one.parent}
    return [(one.title, f"{above.get(one.parent, one.parent)} / {one.words}" if sub else one.words) for one in found]


# --- what it means for an incident ------------------------------------------------------------------


def follows_from_category(incident: Incident, change: Change) -> dict[str, Any]:
    """The category by its own name whatever the language it was typed in, and at birth its usual service and team."""
    if not {"category", "subcategory"} & change.facts.keys() or not tree():
        return {}
    follows: dict[str, Any] = {}
    top = _meant(incident.category, "")
    sub = _meant(incident.subcategory, top.title) if top is not None else None
    for name, known in (("category", top), ("subcategory", sub)):
        if known is not None and getattr(incident, name) != known.title:
            follows[name] = known.title
            setattr(incident, name, known.title)
    chosen = sub or top
    if change.creates and chosen is not None and (incident.service_id is None or incident.team_id is None):
        follows |= _usual(incident, [one for one in (sub, top) if one is not None])
    return follows


def _meant(words: str, parent: str) -> Known | None:
    text = (words or "").strip().lower()
    if not text:
        return None
    return next(
        (one for one in tree() if one.parent == parent and text in {one.title.lower(), one.title_zh.lower()}), None
    )


def _usual(incident: Incident, known: list[Known]) -> dict[str, Any]:
    """The usual service and team of the nearest category that has one, where the incident has none."""
    rows = {
        row.pk: row
        for row in Category.objects.filter(pk__in=[one.pk for one in known]).select_related("service", "team")
    }
    found: dict[str, Any] = {}
    for one in known:
        row = rows.get(one.pk)
        for name in ("service", "team"):
            value = getattr(row, name, None)
            if value is not None and name not in found and getattr(incident, f"{name}_id") is None:
                found[name] = value
    for name, value in found.items():
        setattr(incident, name, value)
    return found


# --- two become one -----------------------------------------------------------------------------------


def incidents_of(category: Category) -> QuerySet[Any]:
    """The incidents that hold the words of a category."""
    if category.parent is None:
        return Incident.objects.filter(category=category.title)
    return Incident.objects.filter(category=category.parent.title, subcategory=category.title)


def check_merge(category: Category, into: Category) -> None:
    """Refuse to merge what are not two categories of the same step."""
    says = ""
    if category.pk == into.pk:
        says = _("Choose another category than this one.")
    elif (category.parent_id is None) != (into.parent_id is None):
        says = _("A category becomes part of a category, a subcategory of a subcategory.")
    elif into.status != "in_use":
        says = _("%(title)s is retired. Choose one that is in use.") % {"title": into.title}
    elif category.subcategories.filter(status="in_use").exists():
        says = _("%(title)s has subcategories in use. Merge or retire them first.") % {"title": category.title}
    if says:
        raise InvalidFacts(says, {"into": says})


@transaction.atomic
def begin_merge(category: Category, into: Category, *, by: Actor, because: str) -> None:
    """Retire a category and store the job that gives its incidents the other."""
    permissions.require(by, "change", category.kind)
    check_merge(category, into)
    if not because.strip():
        raise InvalidFacts(_("Say why."), {"because": _("Say why.")})
    if category.status == "in_use":
        actions.move(category, "retire", by=by, because=because)
    enqueue(
        MERGE,
        key=category.number,
        number=category.number,
        into=into.number,
        by=by.number,
        because=because.strip(),
        after=0,
    )


def go_on(*, number: str, into: str, by: str, because: str, after: int) -> None:
    """Give the next incidents the other category, then ask for those behind them."""
    category, other = (Category.objects.select_related("parent").get(number=one) for one in (number, into))
    person: Actor | None = SYSTEM if by == SYSTEM.number else Person.objects.active().filter(number=by).first()
    if person is None:
        return
    facts = (
        {"category": other.title}
        if other.parent is None
        else {"category": other.parent.title, "subcategory": other.title}
    )
    some = list(incidents_of(category).filter(pk__gt=after).order_by("pk")[:AT_ONCE])
    for incident in some:
        try:
            actions.change(incident, by=person, because=because, **facts)
        except Refused:
            continue  # it keeps its words, and the page of the category still counts it
    if len(some) == AT_ONCE:
        enqueue(MERGE, number=number, into=into, by=by, because=because, after=some[-1].pk)


def could_take(category: Category) -> QuerySet[Any]:
    """The categories that this one may be merged into."""
    same = Q(parent__isnull=category.parent_id is None)
    return Category.objects.filter(same, status="in_use").exclude(pk=category.pk).order_by("title")
