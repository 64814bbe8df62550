"""Records as plain data and back: for REST, the command line and imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date
from functools import cache
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField
from gnomon.records.actors import SYSTEM
from gnomon.records.facts import fact
from gnomon.records.kinds import Kind
from gnomon.records.permissions import told_to
from gnomon.records.queries.numbered import numbered, visible_numbered
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.plugs import Actor

SECRET = frozenset({"id", "password", "last_login", "workflow_version"})


@cache
def told_fields(kind: Kind) -> tuple[models.Field[Any, Any], ...]:
    """The fields that plain data of a kind holds."""
    return tuple(field for field in kind.model._meta.concrete_fields if field.name not in SECRET)


def as_plain(kind: Kind, record: Any, *, to: Actor = SYSTEM) -> dict[str, Any]:
    """A record as JSON-ready data, other records by their number; of its fields those that `to` is told."""
    plain: dict[str, Any] = {}
    for field in _told(kind, to):
        if isinstance(field, models.ForeignKey):
            related = getattr(record, field.name) if getattr(record, field.attname) is not None else None
            plain[field.name] = related.number if related is not None else None
        else:
            plain[field.name] = fact(getattr(record, field.name))
    return plain


def names_told(kind: Kind, to: Actor) -> tuple[str, ...]:
    """The fields that `to` is told of what they see."""
    return tuple(field.name for field in _told(kind, to))


def _told(kind: Kind, to: Actor) -> list[models.Field[Any, Any]]:
    known = told_to(to, kind)
    return [field for field in told_fields(kind) if known is None or field.name in known]


def facts_from_plain(
    kind: Kind, given: Mapping[str, Any], person: Actor, allowed: Iterable[str] = ()
) -> dict[str, Any]:
    """Plain data as facts for an action; InvalidFacts says of every wrong field what is wrong with it."""
    known = {*(allowed or kind.fields), "custom", "owner"}
    facts: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in given.items():
        if name not in known:
            faults[name] = _("There is no field “%(name)s” to fill here. Fields: %(known)s.") % {
                "name": name, "known": ", ".join(sorted(known)),
            }  # fmt: skip
            continue
        try:
            facts[name] = _fact(kind, name, value, person)
        except (ValueError, TypeError, OverflowError):
            faults[name] = _("“%(value)s” is no value for “%(name)s”.") % {"value": str(value)[:80], "name": name}
        except LookupError as missing:
            faults[name] = str(missing.args[0])
    if faults:
        raise InvalidFacts(next(iter(faults.values())), faults)
    return facts


def _fact(kind: Kind, name: str, value: Any, person: Actor) -> Any:
    field: Any = kind.model._meta.get_field(name)
    if value is None:
        return None if field.null else field.get_default()
    if isinstance(field, models.ForeignKey):
        return _related(field, value, person)
    if isinstance(field, MomentField):
        moment = parse_datetime(_text(value))
        if moment is None:
            raise ValueError
        if moment.tzinfo is None:
            raise LookupError(
                _("“%(name)s” needs its time zone, for example 2026-01-05T09:00:00+08:00.") % {"name": name}
            )
        return moment.astimezone(UTC)
    if isinstance(field, models.DateField):
        return date.fromisoformat(_text(value))
    if isinstance(field, models.BooleanField):
        if not isinstance(value, bool):
            raise ValueError
        return value
    if isinstance(field, models.IntegerField):
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**31:
            raise ValueError
        return value
    if isinstance(field, models.CharField | models.TextField):
        return _text(value)
    return value


def _related(field: Any, value: Any, person: Actor) -> Any:
    found = visible_numbered(field.related_model, _text(value), person)
    if found is None and value == person.number:
        found = numbered(field.related_model, value)
    if found is None:
        raise LookupError(
            _("There is no %(kind)s “%(number)s”.") % {"kind": field.verbose_name, "number": str(value)[:80]}
        )
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    if "\x00" in value:
        raise ValueError
    return value
