"""How a value looks: one function for each type, `show` for all. Whatever people typed is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import singledispatch
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gnomon.ui import clocks, durations
from gnomon.ui.icons import icon
from gnomon.ui.markup import escaped, html, joined
from gnomon.ui.numbers import number_words
from gnomon.ui.values import Age, LongText, Priority, Ref, Share, Status, Tag, TimeLeft, Verdict, Who

NOTHING = html('<span class="nothing" title="{}">–</span>', "")

PHASE_ICONS = {"open": "circle-dot", "waiting": "player-pause", "resolved": "check", "closed": "lock"}


@singledispatch
def show(value: Any) -> SafeString:
    """HTML of a value, by its type; text is escaped."""
    return SafeString(escaped(value))


@show.register
def _nothing(value: None) -> SafeString:
    return NOTHING


@show.register
def _text(value: str) -> SafeString:
    return SafeString(escaped(value)) if value else NOTHING


@show.register
def _flag(value: bool) -> SafeString:
    return html("{} {}", icon("check" if value else "minus"), _("yes") if value else _("no"))


@show.register(int)
@show.register(float)
def _number(value: float) -> SafeString:
    return html('<span class="digits">{}</span>', number_words(value))


@show.register
def _moment(value: datetime) -> SafeString:
    return durations.moment_html(value)


@show.register
def _date(value: date) -> SafeString:
    return html('<time datetime="{}">{}</time>', value.isoformat(), durations.date_words(value))


@show.register
def _duration(value: timedelta) -> SafeString:
    return html('<span class="digits">{}</span>', durations.duration_words(value))


@show.register
def _age(value: Age) -> SafeString:
    length = max((value.until or timezone.now()) - value.since, timedelta(0))
    words = durations.duration_words(length, parts=1) if length >= timedelta(minutes=1) else _("just now")
    return html('<span class="age" title="{}">{}</span>', durations.moment_words(value.since, timezone.now()), words)


@show.register
def _status(value: Status) -> SafeString:
    drawn = icon(PHASE_ICONS.get(value.phase, "circle"))
    return html('<span class="state phase-{}">{}{}</span>', value.phase, drawn, value.title)


@show.register
def _priority(value: Priority) -> SafeString:
    level = min(max(value.level, 1), 4)
    return html('<span class="priority p{}">{}{}</span>', level, icon(f"priority-{level}"), value.title)


@show.register
def _who(value: Who) -> SafeString:
    inner = html('<span class="who who-{}">{}{}</span>', value.kind, _face(value), value.name)
    return html('<a class="who-link" href="{}">{}</a>', value.url, inner) if value.url else inner


@show.register
def _ref(value: Ref) -> SafeString:
    drawn = icon(value.icon) if value.icon else ""
    return html(
        '<a class="ref" href="{}">{}<span class="number">{}</span> <span class="ref-title">{}</span></a>',
        value.url,
        drawn,
        value.number,
        value.title,
    )


@show.register
def _clock(value: TimeLeft) -> SafeString:
    return clocks.chip(value)


@show.register
def _verdict(value: Verdict) -> SafeString:
    drawn, says = verdict_look(value.status)
    badge = html('<span class="verdict v-{}">{}{}</span>', value.status, icon(drawn), says)
    return html('<a class="verdict-link" href="{}">{}</a>', value.url, badge) if value.url else badge


@show.register
def _tag(value: Tag) -> SafeString:
    drawn = icon(value.icon) if value.icon else ""
    tag = html('<span class="word tone-{}">{}{}</span>', value.tone or "plain", drawn, value.title)
    return html('<a class="tag-link" href="{}">{}</a>', value.url, tag) if value.url else tag


@show.register
def _share(value: Share) -> SafeString:
    if value.value is None:
        return NOTHING
    figure = html('<span class="digits">{}&nbsp;%</span>', number_words(value.value * 100))
    if value.part is None or value.whole is None:
        return figure
    of = _("%(part)s of %(whole)s") % {"part": number_words(value.part), "whole": number_words(value.whole)}
    return html('{} <span class="muted">({})</span>', figure, of)


@show.register
def _long_text(value: LongText) -> SafeString:
    if not value.text.strip():
        return NOTHING
    # `urlize` escapes first and then adds only links to http, https and mail addresses.
    linked = mark_safe(urlize(value.text, nofollow=True, autoescape=True))  # noqa: S308
    return html('<div class="wrote">{}</div>', linebreaksbr(_with_names(linked, value.named)))


def _with_names(text: SafeString, named: Sequence[tuple[str, Who]]) -> SafeString:
    """Escaped prose in which each @name that names somebody leads to them; never inside an address or a tag."""
    known = {str(escape(written)).lower(): who for written, who in named if written}
    if not known:
        return text
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    mention = re.compile(rf"(<[^>]*>)|(?<![\w@./])@({names})(?![A-Za-z0-9_])", re.IGNORECASE)

    def marked(found: re.Match[str]) -> str:
        if found[1]:
            return found[0]
        who = known[found[2].lower()]
        return html('<a class="mention" href="{}" title="{}">{}</a>', who.url, who.name, mark_safe(found[0]))  # noqa: S308

    return mark_safe(mention.sub(marked, text))  # noqa: S308


@show.register(list)
@show.register(tuple)
def _several(value: Sequence[Any]) -> SafeString:
    if not value:
        return NOTHING
    return html('<ul class="several">{}</ul>', joined(f"<li>{show(one)}</li>" for one in value))


def verdict_look(status: str) -> tuple[str, str]:
    """Icon and words of a verdict."""
    looks = {
        "conforming": ("circle-check", _("Conforming")),
        "observation": ("alert-circle", _("With observations")),
        "nonconforming": ("circle-x", _("Nonconforming")),
        "undetermined": ("help", _("Undetermined")),
        "not_applicable": ("circle-minus", _("Not applicable")),
        "not_checked": ("circle-dashed", _("Not checked")),
        "error": ("alert-triangle", _("Check failed to run")),
    }
    return looks.get(status, ("help", status))


def _face(who: Who) -> SafeString:
    if who.kind == "system":
        return html('<span class="face" aria-hidden="true">{}</span>', icon("robot"))
    if who.kind == "team":
        return html('<span class="face" aria-hidden="true">{}</span>', icon("users"))
    name = str(who.name)
    tone = sum(map(ord, name)) % 6
    return html('<span class="face face-{}" aria-hidden="true">{}</span>', tone, initials(name))


def initials(name: str) -> str:
    """Two letters that stand for a name: `AC` for Alice Chen (and for Alice Chen 陈爱丽), `晓明` for 王晓明."""
    words = [word for word in name.split() if word[0].isascii()] or name.split()
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][-2:] if ord(words[0][-1]) > 0x2E80 else words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()
