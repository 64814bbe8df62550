"""Guess a mapping from the names of columns, so that people correct instead of typing."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from gnomon.jobs.moments import MomentField
from gnomon.records.custom import PREFIX, custom_fields
from gnomon.records.facts import ledgered
from gnomon.records.imports.mappings import COMMON_DATES, Mapping, mapping_of
from gnomon.records.imports.refusals import ImportRefused
from gnomon.records.imports.tables import base_name
from gnomon.records.imports.targets import NEVER_IMPORTED
from gnomon.records.kinds import Kind, kind_named

KEYS = frozenset({"number", "key", "id", "externalid", "issuekey", "编号", "标识", "外部编号"})
# 2026/1/5 and 5.1.2026 speak for themselves; 1/5/2026 is left to the mapping, since both readings are usual.
DATES = (*COMMON_DATES, "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y年%m月%d日")
LANGUAGES = ("en", "zh-hans")


def guess(kind_name: str, columns: tuple[str, ...]) -> Mapping:
    """A mapping for a plain table: each column goes to the field that has its name or its title, in either language."""
    try:
        kind = kind_named(kind_name)
    except LookupError:
        raise ImportRefused(_("There is no kind of record called “%(kind)s”.") % {"kind": kind_name}) from None
    known = names_of_fields(kind)
    origins: dict[str, dict[str, object]] = {}
    key = ""
    for column in columns:
        name = _plain(base_name(column))
        if name in KEYS and not key:
            key = column
        if name in known and known[name] not in origins:
            origins[known[name]] = {"column": column}
    told = _moment_column(columns)
    table = {"kind": kind.name, "key": [key] if key else [], "dates": list(DATES), "fields": origins}
    return mapping_of({**table, "happened_at": {"column": told}} if told else table)


def names_of_fields(kind: Kind) -> dict[str, str]:
    """What a column may be called → the field that it fills."""
    known: dict[str, str] = {}
    for language in LANGUAGES:
        with override(language):
            for field in importable(kind):
                known.setdefault(_plain(str(field.verbose_name)), field.name)
    for custom in custom_fields(kind):
        for name in filter(_plain, (custom.title, custom.title_zh, custom.name)):
            known.setdefault(_plain(name), f"{PREFIX}{custom.name}")
    for field in importable(kind):
        known[_plain(field.name)] = field.name
    return known


def importable(kind: Kind) -> list[models.Field[object, object]]:
    """The fields that a file may fill, in the order in which people fill them."""
    fields = {field.name: field for field in ledgered(kind.model) if field.name not in NEVER_IMPORTED}
    order = ["title", "status", *kind.fields, *fields]
    return [fields[name] for name in dict.fromkeys(order) if name in fields]


def is_moment(field: models.Field[object, object]) -> bool:
    return isinstance(field, MomentField | models.DateField)


def _moment_column(columns: tuple[str, ...]) -> str:
    wanted = {"recordedat", "updatedat", "updated", "记录时间", "更新时间"}
    return next((column for column in columns if _plain(column) in wanted), "")


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
