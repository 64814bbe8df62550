"""One record as the configuration file says it, and the facts for an action of what the file says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from gnomon.records.configuring.declared import Configured, section_of
from gnomon.records.facts import row_fact
from gnomon.records.kinds import kind_of
from gnomon.records.models import Record
from gnomon.records.plain import facts_from_plain
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Phase

KEY_SIGN = " / "  # between the parts of a key that names another record


def item_of(section: Configured, record: Record) -> dict[str, Any]:
    """The record in plain words: other records by their key, what is empty left out."""
    told: dict[str, Any] = {}
    for name in section.names:
        value = _plain(section, record, name)
        if (name in section.key and value is not None) or value not in (None, "", [], {}, False):
            told[name] = value
    return told


def _plain(section: Configured, record: Record, name: str) -> Any:
    field: Any = record._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        other = getattr(record, name)
        return None if other is None else name_of(other)
    value = row_fact(record, field)
    return section.told(name, value) if section.told is not None else value


def name_of(record: Record) -> str | None:
    """What the file calls a record: its key, when it belongs to the configuration; people stay out of it."""
    section = section_of(kind_of(type(record)).name)
    if section is None:
        return None
    parts = [_plain(section, record, part) for part in section.key]
    return KEY_SIGN.join(str(part) for part in parts if part is not None)


def facts_of_item(section: Configured, item: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """The facts of an item for an action; what it does not say is empty, for a file says everything of its items."""
    plain: dict[str, Any] = {}
    related: dict[str, Any] = {}
    for name in (*section.key, *section.fields):
        field: Any = section.of.model._meta.get_field(name)
        if isinstance(field, models.ForeignKey):
            related[name] = _found(field, name, item.get(name))
        elif name in item:
            plain[name] = item[name]
        else:
            plain[name] = None if field.null else field.get_default()
    facts = facts_from_plain(section.of, plain, by, (*section.key, *section.fields))
    return {**facts, **related}


def _found(field: Any, name: str, wanted: Any) -> Record | None:
    if wanted in (None, ""):
        return None
    found = find_named(field.related_model, wanted) if isinstance(wanted, str) else None
    if found is None:
        says = _("There is no %(kind)s called “%(name)s”, neither here nor earlier in the file.") % {
            "kind": kind_of(field.related_model).title, "name": str(wanted)[:80],
        }  # fmt: skip
        raise InvalidFacts(says, {name: says})
    return found


def find_named(model: Any, name: str) -> Record | None:
    """The record that the file calls so."""
    section = section_of(kind_of(model).name)
    if section is None:
        return None
    parts = name.split(KEY_SIGN) if len(section.key) > 1 else [name]
    return find(section, dict(zip(section.key, parts, strict=False)))


def find(section: Configured, item: Mapping[str, Any]) -> Record | None:
    """The record here that an item speaks of: one that still stands before one that is over, the newest of several."""
    if section.same is not None:
        return section.same(item)  # type: ignore[no-any-return]
    wanted: dict[str, Any] = {}
    for name in section.key:
        field: Any = section.of.model._meta.get_field(name)
        value = item.get(name)
        wanted[name] = value
        if isinstance(field, models.ForeignKey) and value is not None:
            wanted[name] = find_named(field.related_model, str(value))
        if wanted[name] is None and (value is not None or not field.null):
            return None
    known = list(section.of.model.objects.filter(**wanted).order_by("-pk")[:20])
    return min(known, key=lambda one: one.phase is Phase.CLOSED, default=None)
