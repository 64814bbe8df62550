"""Steps, ways and returns in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from gnomon.evaluation.mining.choosing import has_field
from gnomon.evaluation.mining.deviating import deviating_words
from gnomon.evaluation.mining.perspectives import PERSPECTIVES, titles_of
from gnomon.evaluation.mining.selecting import ARROW
from gnomon.evaluation.mining.waits import CLOSED, CONFIRMATION, HANDOVER, UNKNOWN, UNSTARTED, WAITING, WORK
from gnomon.records.kinds import Kind
from gnomon.records.showing import field_named
from gnomon.standard.plugs import Says


def course_words(kind: Kind, side: str, what: str, value: str) -> str:
    """A course as the chip above a list says it; LookupError when it is none."""
    if side == "waits":
        return _wait_words(kind, what, value)
    if side == "conformance":
        return deviating_words(kind, what, value)
    names = value.split(ARROW)
    titles = titles_of(kind, PERSPECTIVES[side], names)
    return WORDS[what](" → ".join(titles[name] for name in names), value)


def _wait_words(kind: Kind, what: str, value: str) -> str:
    if what == "team":
        return _("handed to %(team)s") % {"team": titles_of(kind, PERSPECTIVES["teams"], [value])[value]}
    return str(cause_title(kind, value))


def cause_title(kind: Kind, cause: str) -> Says:
    """What a cause of passing time is called."""
    if cause.startswith(WAITING):
        return _waits_for(kind, cause.removeprefix(WAITING))
    return {
        UNSTARTED: _("Not yet taken up"), WORK: _("In work"), HANDOVER: _("Handed over, not yet taken up"),
        CONFIRMATION: _("Resolved, waiting to be closed"), CLOSED: _("Closed"), UNKNOWN: _("In a state nobody knows"),
    }[cause]  # fmt: skip


def _waits_for(kind: Kind, reason: str) -> str:
    if not reason:
        return _("Waiting")
    titles: dict[str, Says] = {}
    if has_field(kind, "waiting_reason"):
        titles = {str(value): title for value, title in field_named(kind, "waiting_reason").flatchoices}
    return _("Waiting: %(reason)s") % {"reason": titles.get(reason, reason)}


def _first(words: str, _value: str) -> str:
    return _("begins with %(activity)s") % {"activity": words}


def _last(words: str, _value: str) -> str:
    return _("so far ends with %(activity)s") % {"activity": words}


def _again(words: str, _value: str) -> str:
    return _("comes back to %(activity)s") % {"activity": words}


def _tossed(words: str, value: str) -> str:
    return _("to and fro: %(steps)s") % {"steps": words} if value else _("to and fro")


def _variant(_words: str, value: str) -> str:
    return _("way %(key)s") % {"key": value[:6]}


def _any(_words: str, _value: str) -> str:
    return _("any")


def _plain(words: str, _value: str) -> str:
    return words


WORDS: Mapping[str, Callable[[str, str], str]] = {
    "any": _any, "activity": _plain, "step": _plain, "first": _first, "last": _last, "variant": _variant, "again": _again,
    "tossed": _tossed,
}  # fmt: skip
