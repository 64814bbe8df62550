"""Free relations between records, and the parts that people take in them: what people may make and take back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gnomon.records.kinds import find_record
from gnomon.records.models import Record
from gnomon.records.permissions import visible
from gnomon.records.refusals import InvalidFacts
from gnomon.records.texts import fault_of
from gnomon.standard.plugs import Actor

RELATIONS = ("related", "blocks", "caused_by", "duplicate_of")
PARTS = ("watcher", "contact", "member")


def relation_title(relation: str) -> str:
    """What people call a relation between records."""
    titles = {
        "related": _("related"), "blocks": _("blocks"), "caused_by": _("caused by"), "duplicate_of": _("duplicate of"),
    }  # fmt: skip
    return titles.get(relation, relation)


def inverse_title(relation: str) -> str:
    """What people call the same relation at its other end."""
    titles = {
        "related": _("related"), "blocks": _("blocked by"), "caused_by": _("cause of"),
        "duplicate_of": _("original of"),
    }  # fmt: skip
    return titles.get(relation) or _("linked from")


def part_title(part: str) -> str:
    """What people call a part in a record."""
    titles = {
        "watcher": _("watcher"),
        "contact": _("contact person"),
        "requester": _("requester"),
        "member": _("member"),
        "affected": _("affected too"),
        "waits_too": _("waits for the same"),
    }
    return titles.get(part, part)


def free_relation(name: str) -> str:
    """A relation that people make and take back by hand; others follow from what is done, and end with it."""
    if name not in RELATIONS:
        says = _("There is no relation “%(name)s” to choose. Relations: %(known)s.")
        raise InvalidFacts(says % {"name": name[:40], "known": ", ".join(RELATIONS)}, {"relation": _("Choose one.")})
    return name


def free_part(name: str) -> str:
    """A part that people give and take by hand."""
    if name not in PARTS:
        says = _("There is no part “%(name)s” to choose. Parts: %(known)s.")
        raise InvalidFacts(says % {"name": name[:40], "known": ", ".join(PARTS)}, {"part": _("Choose one.")})
    return name


def other_end(number: str, person: Actor) -> Record | None:
    """The record with this number, as far as the person may know of it."""
    if fault_of(number):
        return None
    other = find_record(number.strip().upper()[:40])
    if other is None or not visible(type(other)._default_manager.filter(pk=other.pk), person).exists():
        return None
    return other
