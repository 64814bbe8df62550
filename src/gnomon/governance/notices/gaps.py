"""Gaps in the words of a notice: which there are, and what fills them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from gnomon.records.kinds import Kind, kind_named
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.showing import field_title, shown
from gnomon.records.views.exports import plain
from gnomon.standard.plugs import Notice, Says
from gnomon.ui.durations import moment_words

# Whatever stands in braces: an unknown gap is refused when the words are saved, and never looked up.
_GAP = re.compile(r"\{([^{}]*)\}")
NOTHING = "–"


def gaps_in(text: str) -> list[str]:
    return _GAP.findall(text)


def gaps_of(notice: Notice) -> dict[str, str]:
    """Every gap that the words of a notice may hold, and what people call what fills it.

    Requesters read most notices, so these may hold only what they are told of a record anyway.
    """
    gaps = dict(_of_record(notice)) | {name: str(title) for name, title in notice.gaps.items()}
    if notice.has_words:
        gaps["text"] = _("What somebody wrote")
    if notice.kind in ("", "*"):
        return gaps
    kind = kind_named(notice.kind)
    told = (*kind.columns, *kind.fields) if notice.internal else (*kind.columns, *kind.asks, *kind.shows)
    return gaps | {name: field_title(kind, name) for name in told if name not in gaps and _is_short(kind, name)}


def _of_record(notice: Notice) -> Iterator[tuple[str, str]]:
    """What every record has."""
    if notice.kind:
        for name in ("number", "title"):
            title = str(Record._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            yield name, title[:1].upper() + title[1:]
        yield "actor", _("Who did it")


def _is_short(kind: Kind, name: str) -> bool:
    field = next((one for one in kind.model._meta.concrete_fields if one.name == name), None)
    return field is not None and not isinstance(field, models.TextField | models.JSONField)


@dataclass(frozen=True)
class Telling:
    """One notice about one record, because of one entry if any: what its gaps are filled with."""

    notice: Notice
    record: Record | None
    entry: LedgerEntry | None = None
    actor: str = ""
    words: Says = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def fill(self, gap: str) -> str:
        """What fills a gap, in the language of the moment."""
        if gap in self.facts:
            return str(self.facts[gap])
        if gap == "actor":
            return self.actor or NOTHING
        if gap == "text":
            return str(self.said)
        if self.record is None or gap in self.notice.gaps:
            return NOTHING
        value: Any = shown(self.record.kind, self.record, gap)
        return moment_words(value, timezone.now()) if isinstance(value, datetime) else plain(value) or NOTHING

    @property
    def said(self) -> Says:
        """What somebody wrote, which the notice passes on."""
        if self.notice.text is not None and self.entry is not None:
            return self.notice.text(self.record, self.entry)
        return self.words

    @property
    def title(self) -> Says:
        """The usual title, filled when it is read: once for each language that it is kept in."""
        about = self.record
        usual = {"number": about.number, "title": about.title, "actor": self.actor} if about is not None else {}
        return says(self.notice.title, **usual | dict(self.facts))


def _worded(text: Says, facts: tuple[tuple[str, Any], ...]) -> str:
    return str(text) % {name: str(value) for name, value in facts}


_worded_later = lazy(_worded, str)


def says(text: Says, **facts: Any) -> Says:
    """A lazy text with its `%(name)s` filled in when it is read: once for each language that it is kept in."""
    return _worded_later(text, tuple(facts.items()))


def filled(text: str, fill: Callable[[str], str]) -> str:
    """A text with its gaps filled, once: what fills them is not read for gaps again."""
    return _GAP.sub(lambda gap: fill(gap[1]), text)
