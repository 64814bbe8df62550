"""What a notice would say of a real record, before anybody is told so (7.4)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from gnomon.governance.notices.gaps import Telling, filled, gaps_of
from gnomon.governance.notices.wording import LANGUAGES, Wording
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.permissions import visible
from gnomon.records.queries.people import names_of
from gnomon.standard.plugs import Actor, Notice

LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Preview:
    """The words in one language, and the record that fills their gaps."""

    language: str
    title: str
    text: str
    number: str


def previews(notice: Notice, words: Wording, person: Actor) -> list[Preview]:
    """The words in each language, about the newest record to which it happened; with bare gaps when there is none."""
    telling = _latest(notice, person)
    return [_preview(short, language, words, telling) for short, language in LANGUAGES.items()]


def _preview(short: str, language: str, words: Wording, telling: Telling | None) -> Preview:
    number = telling.record.number if telling is not None and telling.record is not None else ""
    with override(language):
        title, text = (filled(part, lambda gap: _fill(telling, gap)) for part in (words.title(), words.text()))
        return Preview(short, title, text.strip(), number)


def _fill(telling: Telling | None, gap: str) -> str:
    if telling is None:
        return f"‹{gap}›"
    filling = telling.fill(gap)
    if gap in telling.notice.gaps:
        return f"‹{gaps_of(telling.notice)[gap]}›"
    return _("(what somebody wrote)") if gap == "text" and not filling else filling


def _latest(notice: Notice, person: Actor) -> Telling | None:
    """The newest time that this happened, among the latest of the kind, else its newest record."""
    if notice.kind in ("", "*"):
        return None
    kind = kind_named(notice.kind)
    verbs = {f"{notice.kind}:{verb}" for verb in notice.verb.split()}
    recent = LedgerEntry.objects.filter(kind=notice.kind).order_by("-sequence")[:LOOKED_AT]
    entry = next((one for one in recent if one.verb in verbs), None)
    seen = visible(kind.model.objects.all(), person)
    record: Record | None = (seen.filter(number=entry.number) if entry else seen).order_by("-id").first()
    if record is None:
        return None
    actor = names_of([entry.actor])[entry.actor] if entry else getattr(person, "title", "")
    return Telling(notice, record, entry, actor)
