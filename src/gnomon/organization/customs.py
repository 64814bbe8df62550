"""What must hold of a custom field (8.1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from gnomon.organization.kind_fields import HIDDEN
from gnomon.organization.models import CustomField
from gnomon.records.custom import Type, options_of
from gnomon.records.definitions import IN_USE
from gnomon.records.kinds import Change, kind_named
from gnomon.records.models import Record

MOST = 60
LONGEST_CHOICE = 200
CHOOSING = frozenset({Type.CHOICE, Type.CHOICES})
FIXED = ("of_kind", "name", "type")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def prepare_custom_field(record: Record, change: Change) -> dict[str, Any]:
    """Without a name it is called by its title, and without a position it comes last."""
    assert isinstance(record, CustomField)
    further: dict[str, Any] = {}
    if change.creates and not record.name:
        further["name"] = _free_name(record)
    if change.creates and not record.position:
        last = CustomField.objects.filter(of_kind=record.of_kind).order_by("-position").first()
        further["position"] = 10 + (last.position if last else 0)
    return further


def _free_name(record: CustomField) -> str:
    plain = unicodedata.normalize("NFKD", record.title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:36]
    if not _NAME.fullmatch(name) or name in models.JSONField().get_lookups():
        name = "field"
    taken = set(CustomField.objects.filter(of_kind=record.of_kind).values_list("name", flat=True))
    return next(one for n in range(1, len(taken) + 2) if (one := name if n == 1 else f"{name}_{n}") not in taken)


def check_custom_field(record: Record, change: Change) -> Mapping[str, str]:
    """It belongs to a kind, keeps name and type for ever, and has choices when it lets people choose."""
    assert isinstance(record, CustomField)
    faults = _fixed(record, change)
    if not is_kind(record.of_kind):
        faults["of_kind"] = _("There is no kind of record called %(name)s that may have its own fields.") % {
            "name": record.of_kind
        }
    if not _NAME.fullmatch(record.name) or "__" in record.name or record.name.endswith("_"):
        faults["name"] = _("Begin with a letter, then small letters, digits and _, at most 40.")
    elif record.name in models.JSONField().get_lookups():
        # `custom__contains=…` would ask something else of the database.
        faults["name"] = _("“%(name)s” has a meaning of its own in filters. Choose another name.") % {
            "name": record.name
        }
    if "choices" in change.facts or change.creates:
        faults |= _choices(record)
    beside = CustomField.objects.filter(of_kind=record.of_kind, status=IN_USE).exclude(pk=record.pk)
    if (change.creates or change.verb == "bring_back") and beside.count() >= MOST:
        faults["title"] = _("A kind holds at most %(most)d fields of your own. Retire one first.") % {"most": MOST}
    return faults


def _fixed(record: CustomField, change: Change) -> dict[str, str]:
    says = _("This never changes, for records hold values of it. Retire the field and add another instead.")
    return {
        name: says
        for name in FIXED
        if not change.creates and name in change.facts and getattr(record, name) != change.old.get(name)
    }


def is_kind(name: str) -> bool:
    """Whether a kind of this name may have fields and workflow versions of its own."""
    try:
        return kind_named(name).name not in HIDDEN
    except LookupError:
        return False


def _choices(record: CustomField) -> dict[str, str]:
    shaped = isinstance(record.choices, list) and all(
        isinstance(one, str)
        or (
            isinstance(one, dict) and set(one) <= {"value", "zh"} and "value" in one
            and all(isinstance(part, str) for part in one.values())
        )
        for one in record.choices
    )  # fmt: skip
    if not shaped:
        return {"choices": _('Give the choices as a list of texts, or of {"value": …, "zh": …}.')}
    values = [value for value, _title in options_of(record)]
    if record.type in CHOOSING and not values:
        return {"choices": _("Give at least one choice.")}
    if record.type not in CHOOSING and values:
        return {"choices": _("Only fields of the type “Choice” or “Several choices” have choices.")}
    if len(set(values)) < len(values):
        return {
            "choices": _("“%(value)s” stands there twice.") % {"value": next(v for v in values if values.count(v) > 1)}
        }
    if any(not 0 < len(value) <= LONGEST_CHOICE for value in values):
        return {"choices": _("A choice holds 1 to %(most)d characters.") % {"most": LONGEST_CHOICE}}
    return {}
