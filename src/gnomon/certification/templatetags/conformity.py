"""`{% load conformity %}`: verdicts, rules and windows as the board shows them."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from gnomon.certification.catalogue import Words, catalogue, semantics
from gnomon.certification.sampling import outcome_words as words_of_outcome
from gnomon.certification.sentences import threshold_words
from gnomon.standard.plugs import Limit
from gnomon.ui.show import show as show_value
from gnomon.ui.show import verdict_look
from gnomon.ui.values import Tag

register = template.Library()

# A sign beside the colour, so that the map can be read without seeing colours.
SIGNS = {
    "conforming": "✓", "observation": "!", "nonconforming": "×", "undetermined": "?",
    "not_applicable": "–", "not_checked": "", "error": "!!",
}  # fmt: skip
_QUOTED = re.compile(r"`([^`]+)`")


@register.filter
def rule_words(words: Words | str) -> SafeString:
    """The text of a rule, its field names set apart."""
    escaped = conditional_escape(str(words))
    return mark_safe(_QUOTED.sub(r"<code>\1</code>", escaped))  # noqa: S308  # escaped above; only <code> is added


@register.filter
def demanded(threshold: str) -> str:
    return threshold_words(threshold)


@register.filter
def window(name: str) -> str:
    """A window of the catalogue, in the reader's language."""
    return str(semantics().label("window", name))


@register.filter
def level(name: str) -> str:
    return str(semantics().label("level", name))


@register.filter
def weight(name: str) -> str:
    return str(semantics().label("weight", name))


@register.filter
def when_empty(name: str) -> str:
    return str(semantics().label("on_empty", name))


@register.filter
def limit(value: Limit) -> str:
    """A limit with its unit: `30 minutes`."""
    return f"{value.value:g} {unit(value.unit)}"


@register.filter
def unit(name: str) -> str:
    """A unit of a limit, in the reader's language."""
    return {
        "minutes": pgettext("length of time", "minutes"),
        "hours": pgettext("length of time", "hours"),
        "days": pgettext("length of time", "days"),
        "working_days": pgettext("length of time", "working days"),
        "months": pgettext("length of time", "months"),
        "percent": "%",
    }.get(name, name)


@register.filter
def verdict_words(status: str) -> str:
    return verdict_look(str(status))[1]


@register.filter
def standing_words(standing: str) -> str:
    """Where a judgement stands, in a word or two."""
    return {
        "due": pgettext("judgement", "due"),
        "lapsed": pgettext("judgement", "lapsed"),
        "lapsing": pgettext("judgement", "lapses soon"),
        "valid": pgettext("judgement", "counts"),
        "waiting": pgettext("judgement", "waits for records"),
    }[str(standing)]


@register.filter
def outcome_words(outcome: str) -> str:
    """What was found of a record in a sample, or that nobody looked at it yet."""
    return words_of_outcome(outcome)


@register.simple_tag
def outcome(name: str) -> SafeString:
    """The same as a mark with its colour."""
    tone: Any = {"conforming": "ok", "nonconforming": "danger"}.get(name, "")
    return show_value(Tag(words_of_outcome(name), tone))


@register.filter
def asked_words(requirement: str, rule: int) -> str:
    """What a rule asks, or the requirement itself for rule 0."""
    asked = catalogue().requirement(requirement)
    return str(asked.rules[rule - 1].says if 0 < rule <= len(asked.rules) else asked.text)


@register.filter
def sign(status: str) -> str:
    return SIGNS.get(str(status), "")


@register.simple_tag
def cell(status: str, number: str, url: str = "", says: Any = "") -> SafeString:
    """A square of the map: one requirement, its verdict by colour, sign and words."""
    words = f"{number}: {verdict_look(str(status))[1]}"
    title = f"{words} — {says}" if says else words
    return format_html(
        '<a class="cell c-{}" href="{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></a>',
        status, url, title, sign(status), words,
    )  # fmt: skip
