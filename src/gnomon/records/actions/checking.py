"""What a record can hold: every fact is checked here before it is written, whoever sent it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gnomon.records.actors import is_system
from gnomon.records.custom import checked_custom
from gnomon.records.facts import lacks, ledgered
from gnomon.records.kinds import Change, Kind
from gnomon.records.models import Record
from gnomon.records.refusals import InvalidFacts, MoveRefused
from gnomon.records.texts import fault_of, fault_of_json
from gnomon.workflow.tables import Move

LONGEST_REASON = 4000


def apply(kind: Kind, record: Record, happening: Change) -> None:
    """Put the facts on the record, let the kind add what follows from them, and check every one."""
    if happening.creates and "custom" not in happening.facts and not is_system(happening.by):
        happening.facts["custom"] = {}  # so that required ones are missed
    _put(kind, record, happening.facts)
    # What was given is sound before the kind thinks about it, and what the kind adds before it is saved.
    _refuse(kind, record, _faults(kind, record, happening.facts))
    sound = {name: record.__dict__.get(name) for name in happening.facts}
    if kind.prepare is not None:
        further = kind.prepare(record, happening)
        _put(kind, record, further)
        happening.facts.update(further)
    _refuse(kind, record, _faults(kind, record, None if happening.creates else happening.facts, sound))
    if kind.check is not None:
        _refuse(kind, record, kind.check(record, happening))


def _refuse(kind: Kind, record: Record, wrong: Mapping[str, str]) -> None:
    if wrong:
        raise InvalidFacts(
            _("%(record)s was not saved: %(first)s")
            % {"record": record.number or kind.title, "first": next(iter(wrong.values()))},
            wrong,
        )


def check_start(kind: Kind, record: Record, step: Move) -> None:
    """Refuse a move that does not begin where the record stands, and name those that do."""
    if record.status in step.starts:
        return
    open_to = ", ".join(f"“{move.title}”" for move in kind.workflow_of(record).moves_from(record.status)) or "–"
    raise MoveRefused(
        _("%(record)s is %(status)s and cannot take the move “%(move)s”. From here: %(moves)s.")
        % {"record": record.number, "status": record.status_title, "move": step.title, "moves": open_to}
    )


def check_needs(kind: Kind, record: Record, step: Move, because: str) -> None:
    """Refuse a move whose facts or reason are missing, and name each."""
    missing = {name: _("“%(move)s” needs this.") % {"move": step.title} for name in step.needs if lacks(record, name)}
    if step.because and not because.strip():
        missing["because"] = _("Say why.")
    if missing:
        names = ", ".join(
            _("reason") if name == "because" else str(_field(kind, name).verbose_name) for name in missing
        )
        raise InvalidFacts(
            _("%(record)s cannot take the move “%(move)s” yet: %(fields)s is missing.")
            % {"record": record.number or kind.title, "move": step.title, "fields": names},
            missing,
        )


def checked_reason(because: str) -> str:
    """The reason for a change, without outer spaces; refuses one that cannot be kept."""
    because = because.strip()
    fault = fault_of(because, LONGEST_REASON)
    if fault:
        raise InvalidFacts(_("The reason was not saved: %(fault)s") % {"fault": fault}, {"because": fault})
    return because


def _put(kind: Kind, record: Record, facts: Mapping[str, Any]) -> None:
    writable = {field.name: field for field in ledgered(kind.model)}
    unknown = [name for name in facts if name not in writable]
    if unknown:
        raise InvalidFacts(
            _("%(kind)s has no field called %(names)s.") % {"kind": kind.title, "names": ", ".join(unknown)},
            {name: _("Unknown field.") for name in unknown},
        )
    for name, value in facts.items():
        if name == "custom":
            record.custom = checked_custom(kind, value, record.custom)
            continue
        is_line = isinstance(value, str) and isinstance(writable[name], models.CharField)
        try:
            setattr(record, name, value.strip() if is_line else value)
        except (TypeError, ValueError):
            says = _no_value(writable[name], value)
            raise InvalidFacts(says, {name: says}) from None


def _faults(
    kind: Kind, record: Record, names: Container[str] | None, sound: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """What is wrong with these fields of the record, with all when none are named; `sound` values were looked at."""
    faults: dict[str, str] = {}
    known = record.__dict__
    for field, name, attribute, sort in _sorted_out(kind.model):
        if names is not None and name not in names:
            continue
        value = known[attribute] if attribute in known else getattr(record, attribute)
        if value is None and field.null:
            continue
        if type(value) is str and sound and sound.get(name) is value:
            continue  # the very text that was found sound before
        if value is None or (sort is TEXT and value == "") or (sort is JSON and value in ("", [], {})):
            if not (field.null if value is None else field.blank or field.null):
                faults[name] = _("“%(field)s” must be filled.") % {"field": field.verbose_name}
            continue
        if sort is KEY:
            continue
        try:
            setattr(record, field.attname, field.clean(_sound(field, value), record))
        except ValidationError as error:
            faults[name] = f"{field.verbose_name}: {' '.join(error.messages)}"
        except (TypeError, ValueError, OverflowError):
            faults[name] = _no_value(field, value)
    return faults


TEXT, JSON, KEY, OTHER = "text", "json", "key", "other"
_SORTS = ((models.ForeignKey, KEY), (models.JSONField, JSON), (models.CharField, TEXT), (models.TextField, TEXT))


@cache
def _sorted_out(model: type[Record]) -> tuple[tuple[Any, str, str, str], ...]:
    """The fields of the ledger with name, attribute and sort: asking each anew costs more than looking at its value."""
    fields: tuple[Any, ...] = ledgered(model)
    return tuple(
        (
            field,
            field.name,
            field.attname,
            next((sort for a_class, sort in _SORTS if isinstance(field, a_class)), OTHER),
        )
        for field in fields
    )


def _sound(field: models.Field[Any, Any], value: Any) -> Any:
    """The value, if database and ledger can keep it; ValidationError or TypeError when they cannot."""
    fault = ""
    if isinstance(field, models.CharField | models.TextField):
        if not isinstance(value, str | Promise):
            raise TypeError
        fault = fault_of(str(value))
    elif isinstance(field, models.JSONField):
        fault = fault_of_json(value)
    elif isinstance(field, models.IntegerField) and isinstance(value, bool | float):
        raise TypeError
    if fault:
        raise ValidationError(fault)
    return value


def _no_value(field: models.Field[Any, Any], value: Any) -> str:
    return _("“%(value)s” is no value for “%(field)s”.") % {"value": str(value)[:80], "field": field.verbose_name}


def _field(kind: Kind, name: str) -> models.Field[Any, Any]:
    field: models.Field[Any, Any] = kind.model._meta.get_field(name)  # type: ignore[assignment]
    return field
