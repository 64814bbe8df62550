"""`{% load audit_pack %}`: what the pages of an audit pack show in signs: verdicts, bars, texts in two languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from gnomon.certification.models import Sample
from gnomon.certification.sampling import OUTCOMES
from gnomon.certification.strata import DIMENSIONS
from gnomon.certification.templatetags.conformity import SIGNS
from gnomon.certification.workflows import SAMPLE as SAMPLE_FLOW
from gnomon.ui.show import verdict_look

register = template.Library()


@register.filter
def said(words: Mapping[str, str] | None) -> str:
    """A text of the index in the language of the page."""
    return (words or {}).get("zh" if (get_language() or "en").startswith("zh") else "en", "")


@register.filter
def of(holder: Mapping[str, Any], key: str) -> Any:
    """What stands under a key; nothing when nothing does."""
    return holder.get(key)


@register.filter
def titled(names: Mapping[str, str], number: str) -> str:
    """The title that the ledger knew under a number."""
    return names.get(number, "")


@register.filter
def at(moment: str, zone: str) -> str:
    """A moment of the index in the zone of the pack: 2026-03-31 18:00."""
    return f"{datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@register.filter
def thousands(count: int) -> str:
    """A count with its digits in threes."""
    return f"{count:,}"


@register.simple_tag
def dot(status: str) -> SafeString:
    return format_html('<span class="dot c-{}" aria-hidden="true">{}</span>', status, SIGNS.get(status, ""))


@register.simple_tag
def badge(status: str) -> SafeString:
    """A verdict: sign, word and colour."""
    return format_html('<span class="verdict v-{}">{}{}</span>', status, dot(status), verdict_look(status)[1])


@register.simple_tag
def bar(tally: Mapping[str, Any], classes: str = "") -> SafeString:
    """The verdicts of a tally as one bar; in words for those who cannot see it."""
    parts = format_html_join(
        "", '<rect class="c-{}" x="{}" y="0" width="{}" height="10"/>',
        ((one.status.value, f"{one.start:.4f}", f"{one.share:.4f}") for one in tally["stretches"]),
    )  # fmt: skip
    words = ", ".join(f"{verdict_look(status)[1]} {count}" for status, count in tally["counts"].items())
    return format_html(
        '<svg class="bar {}" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        classes, words, parts,
    )  # fmt: skip


@register.filter
def whole_number(number: str) -> str:
    """The record in a number that names a part of it: SLA-000001/respond is in SLA-000001."""
    return number.partition("/")[0]


@register.filter
def rule_asked(rule: str) -> str:
    """The requirement that a rule is of: 8.6.1-b/1 decides 8.6.1-b."""
    return rule.partition("/")[0]


@register.filter
def rule_page(rule: str) -> str:
    """Where in the pack a rule is told of."""
    asked = rule_asked(rule)
    return f"clauses/{asked.partition('-')[0]}.html#{asked}"


@register.filter
def clause_of(requirement: str) -> str:
    """The clause that holds a requirement: 8.6.1-b stands in 8.6.1."""
    return requirement.partition("-")[0]


@register.filter
def last_found(sample: Mapping[str, Any], number: str) -> Mapping[str, Any] | None:
    """What was found of a record last; nothing when nobody judged it."""
    return next((each for each in reversed(sample["found"]) if each["record"] == number), None)


@register.filter
def found_in(sample: Mapping[str, Any]) -> list[tuple[str, int]]:
    """How many records of a sample were found how, those that nobody judged last."""
    last = {each["record"]: each["outcome"] for each in sample["found"]}
    counted = Counter(last.get(number, "waiting") for number in sample["drawn"])
    return [(outcome, counted[outcome]) for outcome in (*OUTCOMES, "waiting") if counted[outcome]]


@register.filter
def sample_method(method: str) -> str:
    return str(dict(Sample.Method.choices).get(method, method))


@register.filter
def sample_state(status: str) -> str:
    return str(SAMPLE_FLOW.state(status).title)


@register.filter
def dimension_title(name: str) -> str:
    return str(DIMENSIONS[name].title) if name in DIMENSIONS else name


@register.filter
def figure(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}" if abs(value) < 100 else f"{value:,.0f}"


@register.filter
def unit_words(unit: str) -> str:
    """The unit of a measure after its value."""
    known = {"hours": pgettext("length of time", "hours"), "days": pgettext("length of time", "days"), "%": "%"}
    return known.get(unit, "")
