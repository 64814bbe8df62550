"""What a kind's filters are called in a question: by field name, and by what people read in either language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import translation

from gnomon.jobs.moments import MomentField
from gnomon.records.kinds import Kind, kinds
from gnomon.records.plain import SECRET
from gnomon.workflow.tables import Phase

if TYPE_CHECKING:
    FIELD = models.Field[Any, Any]

KIND_NAMES = frozenset({"kind", "type", "种类", "类型"})
IS_NAMES = frozenset({"is", "是"})
PHASE_NAMES = frozenset({"phase", "阶段"})
NUMBER_NAMES = frozenset({"number", "no", "编号", "号"})
WITH_A_MEANING = KIND_NAMES | IS_NAMES | PHASE_NAMES | NUMBER_NAMES  # of their own, whatever fields are called
ME = frozenset({"me", "mine", "我", "本人"})
NONE = frozenset({"none", "empty", "nobody", "无", "没有", "空"})
YES = frozenset({"yes", "true", "1", "是", "对"})
NO = frozenset({"no", "false", "0", "否", "不"})
# Words for phases that are no title of ours but that people type.
PHASES = {
    "unresolved": ("unresolved", "open", "未解决", "打开", "进行中", "未关闭"),
    Phase.WAITING: ("waiting", "pending", "等待", "挂起"),
    Phase.RESOLVED: ("resolved", "done", "已解决"),
    Phase.CLOSED: ("closed", "关闭", "已关闭"),
}


def in_both(says: object) -> set[str]:
    """A text in all our languages, in lower case."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(str(says).lower())
    return found


@cache
def filters_by_name(kind: Kind) -> dict[str, str]:
    """Every name of each filter → the name of its field."""
    known: dict[str, str] = {}
    for field in kind.model._meta.concrete_fields:
        if field.name in SECRET or not _can_filter(kind, field):
            continue
        names = {field.name, field.name.removesuffix("_at"), *in_both(field.verbose_name)}
        for name in names:
            known.setdefault(name.replace(" ", "_"), field.name)
            known.setdefault(name.replace(" ", ""), field.name)
    return known


@cache
def kinds_by_name() -> dict[str, Kind]:
    """Every name of each kind → the kind."""
    known: dict[str, Kind] = {}
    for kind in kinds():
        for name in {kind.name, kind.prefix.lower(), *in_both(kind.title), *in_both(kind.plural)}:
            known.setdefault(name, kind)
    return known


@cache
def all_names() -> frozenset[str]:
    """Every name that means a filter of any kind."""
    return frozenset(WITH_A_MEANING.union(*(filters_by_name(kind) for kind in kinds())))


def begin_like(choices: Iterable[tuple[Any, object]], typed: str) -> list[str]:
    """The keys of the choices that are called `typed` in either language, else of those that begin like it."""
    typed = typed.lower()
    names = [(str(key), {str(key).lower(), *in_both(title)}) for key, title in choices]
    exactly = [key for key, called in names if typed in called]
    return exactly or [key for key, called in names if any(_begins(name, typed) for name in called)]


def phase_named(typed: str) -> str:
    """The phase that people mean by a word; an empty text when none."""
    typed = typed.lower()
    return next((str(phase) for phase, words in PHASES.items() if typed in words), "")


def _begins(name: str, typed: str) -> bool:
    return name.startswith(typed) or any(part.startswith(typed) for part in name.split())


def _can_filter(kind: Kind, field: FIELD) -> bool:
    if isinstance(field, models.JSONField | models.TextField):
        return False
    return (
        field.name in {*kind.filters, "status", "owner"}
        or isinstance(field, MomentField | models.DateField | models.BooleanField | models.ForeignKey)
        or bool(field.choices)
    )
