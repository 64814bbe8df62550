"""What a custom field means for the records that are there: who lacks it, which values they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gnomon.organization.models import CustomField
from gnomon.records.custom import PREFIX, Type, options_of
from gnomon.records.custom_lists import Chosen
from gnomon.records.definitions import within
from gnomon.records.kinds import kind_named
from gnomon.workflow.tables import Phase


@dataclass(frozen=True, slots=True)
class Count:
    """A number of records, with the list that shows exactly them."""

    says: str
    count: int
    url: str


def of_field(field: CustomField) -> list[Count]:
    """How many records hold a value and how many lack one, and for choices how many hold each."""
    kind = kind_named(field.of_kind)
    records = kind.model.objects.all()
    filled = records.filter(custom__has_key=field.name).count()
    told = [_count(field, _("hold a value"), filled, {"is": "filled"}), _lacking(field, "all")]
    if field.type in {Type.CHOICE, Type.CHOICES}:
        told += [_count(field, f"“{title}”", _holding(field, value), {"": value}) for value, title in options_of(field)]
    return told


def of_change(field: CustomField, facts: Mapping[str, Any]) -> list[Count]:
    """What records that are there would meet if the field were changed so; empty when nothing."""
    told = []
    if facts.get("required") and not field.required:
        told.append(_lacking(field, "all"))
        told.append(_lacking(field, "open"))
    if "choices" in facts and field.type in {Type.CHOICE, Type.CHOICES}:
        kept = {one["value"] if isinstance(one, dict) else one for one in facts["choices"]}
        gone = [value for value, _title in options_of(field) if value not in kept]
        told += [
            _count(field, _("hold “%(value)s”, which could no longer be chosen") % {"value": value}, count, {"": value})
            for value in gone
            if (count := _holding(field, value))
        ]
    return [one for one in told if one.count]


def _lacking(field: CustomField, which: str) -> Count:
    kind = kind_named(field.of_kind)
    lacking = kind.model.objects.exclude(custom__has_key=field.name)
    if which == "open":
        lacking = lacking.filter(status__in=within(kind, Phase.OPEN, Phase.WAITING))
        return _count(field, _("lack it and are still open; whoever edits one is asked for it"), lacking.count(),
                      {"is": "empty"}, phase="unresolved")  # fmt: skip
    return _count(field, _("lack it"), lacking.count(), {"is": "empty"})


def _holding(field: CustomField, value: str) -> int:
    records = kind_named(field.of_kind).model.objects.all()
    is_it = Q(Chosen(field.name, value)) if field.type == Type.CHOICES else Q(**{f"custom__{field.name}": value})
    return records.filter(is_it).count()


def _count(field: CustomField, says: str, count: int, bounds: Mapping[str, str], **more: str) -> Count:
    parameters = {f"{PREFIX}{field.name}{'.' if bound else ''}{bound}": value for bound, value in bounds.items()}
    words = ngettext("%(count)d record: %(says)s", "%(count)d records: %(says)s", count) % {
        "count": count,
        "says": says,
    }
    url = f"{reverse(f'{field.of_kind}-list')}?{urlencode({**parameters, **more})}"
    return Count(words, count, url if field.status == "in_use" else "")
