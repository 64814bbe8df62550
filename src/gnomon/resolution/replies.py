"""Ready replies about incidents: templates whose gaps the record fills; nothing in them is ever run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gnomon.records.kinds import Change
from gnomon.records.models import Record
from gnomon.records.permissions import may
from gnomon.records.replies import Reply, ReplySource
from gnomon.resolution.models import Incident, ReplyTemplate
from gnomon.standard.plugs import Actor
from gnomon.ui.durations import moment_words

MOST = 100
# Whatever stands in braces, so that {__class__} and {requester.password} are refused and never looked up.
_GAP = re.compile(r"\{([^{}]*)\}")


def _title(record: Any) -> str:
    return record.title if record is not None else "–"


def _moment(at: datetime | None) -> str:
    return moment_words(at, timezone.now()) if at is not None else "–"


FIELDS: Mapping[str, Callable[[Incident, Any], str]] = {
    "requester": lambda incident, _me: _title(incident.requester),
    "number": lambda incident, _me: incident.number,
    "title": lambda incident, _me: incident.title,
    "service": lambda incident, _me: _title(incident.service),
    "due": lambda incident, _me: _moment(incident.due_at),
    "opened": lambda incident, _me: _moment(incident.opened_at),
    "status": lambda incident, _me: incident.status_title,
    "priority": lambda incident, _me: str(incident.get_priority_display() or "–"),
    "category": lambda incident, _me: incident.category or "–",
    "team": lambda incident, _me: _title(incident.team),
    "assignee": lambda incident, _me: _title(incident.assignee),
    "resolution": lambda incident, _me: incident.resolution or "–",
    "me": lambda _incident, me: str(getattr(me, "title", "–")),
}


def what_is_wrong(record: Record, change: Change) -> Mapping[str, str]:
    """A template has only gaps that can be filled, and says something before it is put in use."""
    assert isinstance(record, ReplyTemplate)
    wrong: dict[str, str] = {}
    known = " ".join(f"{{{name}}}" for name in FIELDS)
    for name in ("text", "text_zh"):
        unknown = [gap for gap in _GAP.findall(getattr(record, name)) if gap not in FIELDS]
        if unknown:
            says = _("There is nothing to fill “{%(gap)s}” with. Gaps that can be filled: %(known)s.")
            wrong[name] = says % {"gap": unknown[0][:40], "known": known}
    used = change.move is not None and change.move.name == "adopt"
    if used and not (record.text.strip() or record.text_zh.strip()):
        wrong["text"] = _("Write the reply in at least one language.")
    return wrong


def filled(text: str, incident: Incident, me: Actor) -> str:
    """A text with its gaps filled, once: what fills them is not read for gaps again."""
    return _GAP.sub(lambda gap: FIELDS[gap[1]](incident, me) if gap[1] in FIELDS else gap[0], text)


def offers(record: Record, person: Actor) -> Sequence[Reply]:
    """The templates in use that fit an incident's category and team, for those who work on it."""
    if not isinstance(record, Incident) or not may(person, "read", record.kind):
        return ()
    chinese = _chinese(record)
    return [
        Reply(
            one.number,
            (one.title_zh or one.title) if _reads_chinese() else one.title,
            _words(one, chinese=chinese).strip().partition("\n")[0][:120],
        )
        for one in _fitting(record)[:MOST]
    ]


def text(record: Record, person: Actor, name: str) -> str | None:
    """One template about an incident, in the language of its requester, else of whoever writes."""
    if not isinstance(record, Incident) or not may(person, "read", record.kind):
        return None
    template = _fitting(record).filter(number=name.upper()[:40]).first()
    if template is None:
        return None
    chinese = _chinese(record)
    # Dates and states inside it are said in the language of its words.
    with translation.override("zh-hans" if _words(template, chinese=chinese) == template.text_zh else "en"):
        return filled(_words(template, chinese=chinese), record, person)


def _fitting(incident: Incident) -> Any:
    fits = Q(category="") | Q(category=incident.category)
    whose = Q(team=None) if incident.team_id is None else Q(team=None) | Q(team=incident.team_id)
    return ReplyTemplate.objects.filter(fits, whose, status="in_use").order_by("title")


def _words(template: ReplyTemplate, *, chinese: bool) -> str:
    first, second = (template.text_zh, template.text) if chinese else (template.text, template.text_zh)
    return first if first.strip() else second


def _chinese(incident: Incident) -> bool:
    language = incident.requester.language if incident.requester is not None else ""
    return language.startswith("zh") if language else _reads_chinese()


def _reads_chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")


TEMPLATES = ReplySource(offers=offers, text=text)
