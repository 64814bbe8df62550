"""What a requester may already know, while they type a report: their own reports and what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gnomon.records.search import words_of
from gnomon.resolution.models import Incident
from gnomon.resolution.queries.health import Disturbance
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Phase

LOOKED_AT = 200
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Reports of one's own that are open, and published disturbances, that sound alike."""

    own: Sequence[Incident]
    disturbances: Sequence[Disturbance]

    def __bool__(self) -> bool:
        return bool(self.own or self.disturbances)


def suggestions(text: str, service: str, person: Actor, published: Sequence[Disturbance]) -> Suggestions:
    """What sounds like `text`, or is published about the chosen service; nothing of others is ever looked at."""
    words = set(words_of(text[:500]))
    mine: Any = Incident.objects.filter(requester__number=person.number).within_phases(
        Phase.OPEN, Phase.WAITING, Phase.RESOLVED
    )
    scored = [(_alike(words, one.title, one.description), one) for one in mine.order_by("-id")[:LOOKED_AT]]
    own = [one for score, one in sorted(scored, key=lambda pair: -pair[0]) if score >= 0.5][:SHOWN]
    about = [one for one in published if _concerns(one, words, service)]
    return Suggestions(own, about[:SHOWN])


def _concerns(one: Disturbance, words: set[str], service: str) -> bool:
    return bool(service and one.service == service) or _alike(words, one.title, one.text) >= 0.5


def _alike(words: set[str], *texts: str) -> float:
    """Which share of the words stands in the texts; the last one may still be being typed."""
    telling = {word for word in words if len(word) > 2 or not word.isascii()}
    if not telling:
        return 0.0
    known = set(words_of(" ".join(texts)))
    return sum(any(other.startswith(word) for other in known) for word in telling) / len(telling)
