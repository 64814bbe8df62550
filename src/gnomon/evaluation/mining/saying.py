"""Steps, ways and returns in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from gnomon.evaluation.mining.perspectives import PERSPECTIVES, titles_of
from gnomon.evaluation.mining.selecting import ARROW
from gnomon.records.kinds import Kind


def course_words(kind: Kind, perspective: str, what: str, value: str) -> str:
    """A course as the chip above a list says it; LookupError when it is none."""
    names = value.split(ARROW)
    titles = titles_of(kind, PERSPECTIVES[perspective], names)
    return WORDS[what](" → ".join(titles[name] for name in names), value)


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
