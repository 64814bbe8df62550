"""Gaps in the words of a notice: which there are, and what fills them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.records.kinds import Kind, kind_named
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.showing import field_title, shown
from gnomon.records.views.exports import plain
from gnomon.standard.plugs import Notice
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
    kind = kind_named(notice.kind)
    told = (*kind.columns, *kind.fields) if notice.internal else (*kind.columns, *kind.asks, *kind.shows)
    gaps = {"number": field_title(kind, "number"), "title": field_title(kind, "title"), "actor": _("Who did it")}
    if notice.text is not None:
        gaps["text"] = _("What somebody wrote")
    return gaps | {name: field_title(kind, name) for name in told if name not in gaps and _is_short(kind, name)}


def _is_short(kind: Kind, name: str) -> bool:
    field = next((one for one in kind.model._meta.concrete_fields if one.name == name), None)
    return field is not None and not isinstance(field, models.TextField | models.JSONField)


@dataclass(frozen=True)
class Telling:
    """One notice about one record because of one entry: what its gaps are filled with."""

    notice: Notice
    record: Record
    entry: LedgerEntry | None
    actor: str

    def fill(self, gap: str) -> str:
        """What fills a gap, in the language of the moment."""
        if gap == "actor":
            return self.actor
        if gap == "text":
            return self.said
        value: Any = shown(self.record.kind, self.record, gap)
        return moment_words(value, timezone.now()) if isinstance(value, datetime) else plain(value) or NOTHING

    @property
    def said(self) -> str:
        """What somebody wrote, which the notice passes on."""
        return self.notice.text(self.record, self.entry) if self.notice.text is not None and self.entry else ""


def filled(text: str, fill: Callable[[str], str]) -> str:
    """A text with its gaps filled, once: what fills them is not read for gaps again."""
    return _GAP.sub(lambda gap: fill(gap[1]), text)
