"""The words of notices: what we say by ourselves, and what an organisation says instead (7.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from gnomon.governance.models import NoticeText
from gnomon.governance.notices.declared import all_notices
from gnomon.governance.notices.gaps import Telling, filled, gaps_in, gaps_of
from gnomon.jobs.questions import Question
from gnomon.records import actions
from gnomon.records.kinds import Change, kind_named
from gnomon.records.models import Record
from gnomon.standard.plugs import Actor, Notice, Says

IN_USE = "in_use"
LANGUAGES = {"en": "en", "zh": "zh-hans"}
FIELDS = {"en": ("title", "text"), "zh": ("title_zh", "text_zh")}
_NAMED = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and further words of a notice in both languages, gaps in braces."""

    titles: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def fields(self) -> dict[str, str]:
        """The same by the fields of a notice text."""
        found: dict[str, str] = {}
        for language, (title, text) in FIELDS.items():
            found |= {title: self.titles[language], text: self.texts[language]}
        return found

    def title(self) -> str:
        return self.titles[_language()]

    def text(self) -> str:
        return self.texts[_language()]


def _language() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


@cache
def named_notices() -> dict[str, Notice]:
    """Every notice that can be given other words, by its key."""
    return {notice.key: notice for notice in all_notices() if notice.key}


def usual_wording(notice: Notice) -> Wording:
    """What we say by ourselves."""
    titles = {}
    for short, language in LANGUAGES.items():
        with override(language):
            titles[short] = _NAMED.sub(r"{\1}", str(notice.title)).replace("%%", "%")
    passed_on = "{text}" if notice.has_words else ""
    return Wording(titles, dict.fromkeys(LANGUAGES, passed_on))


def wording_of(own: NoticeText, notice: Notice) -> Wording:
    """What the organisation says; a subject that it left empty in Chinese is ours."""
    titles = {"en": own.title, "zh": own.title_zh or usual_wording(notice).titles["zh"]}
    return Wording(titles, {"en": own.text, "zh": own.text_zh})


def wording_now(notice: Notice) -> Wording:
    """What it says at this moment: the organisation's words if it has some in use, else ours."""
    own = own_text(notice)
    return usual_wording(notice) if own is None else wording_of(own, notice)


def own_text(notice: Notice) -> NoticeText | None:
    """The words of the organisation that are in use for a notice, if any."""
    return own_texts([notice.key]).get(notice.key)


def own_texts(keys: Iterable[str]) -> dict[str, NoticeText]:
    """The words of the organisation that are in use for these notices."""
    wanted = {key for key in keys if key}
    found = _OWN.all(status=IN_USE) if wanted else ()
    return {one.notice: one for one in found if one.notice in wanted}


_OWN = Question(lambda status: NoticeText.objects.filter(status=status))


def _said(telling: Telling, words: Wording, part: str) -> str:
    return filled(getattr(words, part)(), telling.fill).strip()


_said_later = lazy(_said, str)


def said(telling: Telling, words: Wording) -> tuple[Says, Says]:
    """Subject and further words, filled when they are read: once for each language."""
    return _said_later(telling, words, "title"), _said_later(telling, words, "text")


@transaction.atomic
def reword(notice: Notice, words: Wording, *, by: Actor, because: str = "") -> NoticeText | None:
    """Say it in these words from now on; the usual ones set our own aside. Answers what was changed, if anything."""
    own: NoticeText | None = NoticeText.objects.filter(notice=notice.key).first()
    in_use = own is not None and own.status == IN_USE
    usual = usual_wording(notice)
    now = wording_of(own, notice) if own is not None and in_use else usual
    if words == now:
        return None
    if words == usual and own is not None:
        actions.move(own, "set_aside", by=by, because=because)
        return own
    facts: dict[str, Any] = words.fields
    if own is None:
        made = actions.record(kind_named("notice_text"), by=by, because=because, notice=notice.key, **facts)
        assert isinstance(made, NoticeText)
        return made
    if not in_use:
        actions.move(own, "take_up", by=by, because=because)
    actions.change(own, by=by, because=because, **facts)
    return own


def prepare_notice_text(record: Record, change: Change) -> dict[str, Any]:
    """Of words that are not given, what somebody wrote is passed on as usual."""
    assert isinstance(record, NoticeText)
    notice = named_notices().get(record.notice)
    if not change.creates or notice is None or not notice.has_words:
        return {}
    return {name: "{text}" for name in ("text", "text_zh") if name not in change.facts}


def check_notice_text(record: Record, change: Change) -> Mapping[str, str]:
    """It is about a notice that there is, for good, and has only gaps that can be filled."""
    assert isinstance(record, NoticeText)
    notice = named_notices().get(record.notice)
    if notice is None:
        return {"notice": _("There is no notice “%(notice)s”.") % {"notice": record.notice}}
    if not change.creates and "notice" in change.facts and record.notice != change.old.get("notice"):
        return {"notice": _("This never changes. Give the other notice its own text instead.")}
    if change.creates and NoticeText.objects.filter(notice=record.notice).exists():
        return {"notice": _("This notice has a text of its own already. Change that one.")}
    texts = {name: getattr(record, name) for pair in FIELDS.values() for name in pair}
    return faults_in(notice, texts)


def faults_in(notice: Notice, texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with these texts, by their names: a gap that nothing fills."""
    known = gaps_of(notice)
    faults = {}
    for name, text in texts.items():
        unknown = [gap for gap in gaps_in(text) if gap not in known]
        if unknown:
            says = _("There is nothing to fill “{%(gap)s}” with. Gaps that can be filled: %(known)s.")
            faults[name] = says % {"gap": unknown[0][:40], "known": " ".join(f"{{{gap}}}" for gap in known)}
    return faults
