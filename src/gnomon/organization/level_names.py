"""What an organisation calls its levels: which there are is settled, their names are its own (8.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from gnomon.organization.models import LevelName
from gnomon.records import actions
from gnomon.records.definitions import IN_USE
from gnomon.records.kinds import Change, kind_named
from gnomon.records.levels import scales
from gnomon.records.models import Record
from gnomon.standard.plugs import Actor

LANGUAGES = {"en": "en", "zh": "zh-hans"}
LONGEST = 40
FIXED = ("scale", "level")


@dataclass(frozen=True, slots=True)
class Named:
    """A level with its name in each language, and what it is called when nobody names it."""

    scale: str
    level: int
    usual: Mapping[str, str]
    own: LevelName | None = None

    @property
    def now(self) -> Mapping[str, str]:
        """Language → what it is called now."""
        if self.own is None or self.own.status != IN_USE:
            return self.usual
        return {"en": self.own.title, "zh": self.own.title_zh or self.own.title}


def all_levels() -> dict[str, list[Named]]:
    """Scale → its levels, as they are called now."""
    own = {(one.scale, one.level): one for one in LevelName.objects.all()}
    return {
        scale: [Named(scale, level, _in_each(word), own.get((scale, level))) for level, word in levels.items()]
        for scale, levels in scales().items()
    }


def _in_each(word: Any) -> dict[str, str]:
    said = {}
    for short, language in LANGUAGES.items():
        with override(language):
            said[short] = str(word)
    return said


@transaction.atomic
def call_level(named: Named, wanted: Mapping[str, str], *, by: Actor, because: str = "") -> bool:
    """Give a level these names; an empty one means the usual name, and the usual names of both set ours aside.

    Answers whether anything was changed.
    """
    names = {language: wanted.get(language, "").strip() or named.usual[language] for language in LANGUAGES}
    if names == named.now:
        return False
    facts: dict[str, Any] = {"title": names["en"], "title_zh": names["zh"]}
    if names == named.usual and named.own is not None:
        actions.move(named.own, "set_aside", by=by, because=because)
    elif named.own is None:
        kind = kind_named("level_name")
        actions.record(kind, by=by, because=because, scale=named.scale, level=named.level, **facts)
    else:
        if named.own.status != IN_USE:
            actions.move(named.own, "take_up", by=by, because=because)
        actions.change(named.own, by=by, because=because, **facts)
    return True


def check_level_name(record: Record, change: Change) -> Mapping[str, str]:
    """It names a level that there is, for good, and no other level of the scale is called so."""
    assert isinstance(record, LevelName)
    known = scales().get(record.scale)
    if known is None:
        says = _("There is no scale “%(scale)s”. Scales: %(known)s.")
        return {"scale": says % {"scale": record.scale, "known": ", ".join(scales())}}
    if record.level not in known:
        says = _("This scale has the levels %(levels)s, and no others can be added.")
        return {"level": says % {"levels": ", ".join(map(str, known))}}
    says = _("This never changes. Name the other level instead.")
    faults = {
        name: says
        for name in FIXED
        if not change.creates and name in change.facts and getattr(record, name) != change.old.get(name)
    }
    if change.creates and LevelName.objects.filter(scale=record.scale, level=record.level).exists():
        faults["level"] = _("This level has a name of its own already. Change that one.")
    return faults | _names_at_fault(record)


def _names_at_fault(record: LevelName) -> dict[str, str]:
    others = [one.now for one in all_levels()[record.scale] if one.level != record.level]
    faults = {}
    for field, language in (("title", "en"), ("title_zh", "zh")):
        name = getattr(record, field).strip()
        if len(name) > LONGEST:
            faults[field] = _("A name of a level holds at most %(most)d characters.") % {"most": LONGEST}
        elif name and name.casefold() in (other[language].casefold() for other in others):
            faults[field] = _("Another level is called “%(name)s” already. Choose another name.") % {"name": name}
    return faults
