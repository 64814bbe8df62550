"""What people are told of, and in which words: those of Gnomon, or the organisation's own (7.4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gnomon.governance.kinds import notice_text as NOTICE_TEXT
from gnomon.governance.models import NoticeText
from gnomon.governance.notices.gaps import gaps_of
from gnomon.governance.notices.previews import previews
from gnomon.governance.notices.topics import topic_of
from gnomon.governance.notices.wording import (
    FIELDS,
    IN_USE,
    LANGUAGES,
    Wording,
    faults_in,
    named_notices,
    reword,
    usual_wording,
    wording_of,
)
from gnomon.records import permissions
from gnomon.records.definitions import move_named
from gnomon.records.kinds import kind_named
from gnomon.records.permissions import may
from gnomon.records.refusals import InvalidFacts
from gnomon.records.views.finding import person_of
from gnomon.standard.plugs import Notice
from gnomon.ui.render import render


def texts_page(request: HttpRequest) -> HttpResponse:
    """Every notice with what it says now."""
    permissions.require(person_of(request), "read", NOTICE_TEXT)
    own = {one.notice: one for one in NoticeText.objects.all()}
    rows = [_row(notice, own.get(key)) for key, notice in named_notices().items()]
    return render(request, "governance/notice_texts.html", rows=rows, any_own=bool(own))


def _row(notice: Notice, own: NoticeText | None) -> dict[str, object]:
    in_use = own if own is not None and own.status == IN_USE else None
    return {
        "key": notice.key, "topic": topic_of(notice.what).title, "happens": _happens(notice), "own": in_use,
        "internal": notice.internal, "says": (wording_of(in_use, notice) if in_use else usual_wording(notice)).title(),
    }  # fmt: skip


def _happens(notice: Notice) -> str:
    """When it is told: the titles of its verbs, else what it is about."""
    if not notice.verb:
        return {"*": _("Any record"), "": "Gnomon"}.get(notice.kind) or str(kind_named(notice.kind).title)
    return " · ".join(_verb(notice.kind, verb) for verb in notice.verb.split())


def _verb(kind: str, verb: str) -> str:
    usual = {"recorded": _("Recorded"), "changed": _("Changed"), "commented": _("Commented")}
    try:
        return usual.get(verb) or str(move_named(kind_named(kind), verb).title)
    except LookupError:
        return verb


def edit_text(request: HttpRequest, key: str) -> HttpResponse:
    """The words of one notice in both languages, tried on a real record before they are saved."""
    person, notice = person_of(request), named_notices().get(key)
    if notice is None:
        raise Http404
    permissions.require(person, "read", NOTICE_TEXT)
    own, usual = NoticeText.objects.filter(notice=key).first(), usual_wording(notice)
    words = wording_of(own, notice) if own is not None and own.status == IN_USE else usual
    faults: dict[str, str] = {}
    if request.method == "POST":
        permissions.require(person, "change", NOTICE_TEXT)
        words = usual if "usual" in request.POST else _typed(request, usual)
        faults = faults_in(notice, words.fields) or ({} if "try" in request.POST else _saved(request, notice, words))
        if not faults and "try" not in request.POST:
            return redirect("notice-texts")
    return render(
        request, "governance/notice_text.html", notice=notice, key=key, happens=_happens(notice), own=own, faults=faults,
        topic=topic_of(notice.what).title, inputs=_inputs(words, usual, faults), gaps=gaps_of(notice),
        previews=[] if faults else previews(notice, words, person), may_change=may(person, "change", NOTICE_TEXT),
        is_own=words != usual, because=request.POST.get("because", ""), status=422 if faults else 200,
    )  # fmt: skip


def _saved(request: HttpRequest, notice: Notice, words: Wording) -> dict[str, str]:
    """Keep the words; answers what was refused about them."""
    try:
        changed = reword(notice, words, by=person_of(request), because=request.POST.get("because", "").strip())
    except InvalidFacts as refused:
        return dict(refused.fields) or {"title": refused.says}
    says = _("The notice says this from now on.") if changed else _("Nothing was different.")
    messages.success(request, says)
    return {}


def _inputs(words: Wording, usual: Wording, faults: dict[str, str]) -> list[dict[str, object]]:
    """Subject and further words of each language, as the form shows them."""
    return [
        {
            "language": language, "title": words.titles[language], "text": words.texts[language],
            "usual": usual.titles[language], "usual_text": usual.texts[language],
            "title_fault": faults.get(title, ""), "text_fault": faults.get(text, ""),
        }
        for language, (title, text) in FIELDS.items()
    ]  # fmt: skip


def _typed(request: HttpRequest, usual: Wording) -> Wording:
    """What was typed; an empty subject is the usual one."""
    typed = {name: value.replace("\r\n", "\n").strip() for name, value in request.POST.dict().items()}
    titles = {language: typed.get(f"title-{language}", "") or usual.titles[language] for language in LANGUAGES}
    return Wording(titles, {language: typed.get(f"text-{language}", "") for language in LANGUAGES})
