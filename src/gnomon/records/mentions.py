"""People who are named in a comment: `@bob`, `@Bob Reed`, `@王芳`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from gnomon.records.actors import is_system
from gnomon.records.models import Participant, Record
from gnomon.records.permissions import may, visible
from gnomon.standard.plugs import Actor

MOST = 20
OFFERED = 8
# Not after a letter or digit: an address such as carol@example.org names nobody.
_MENTION = re.compile(
    r"(?<![\w@.])@([^\s@,;:!?()，。；：！？、（）]{1,150}(?: [^\s@,;:!?()，。；：！？、（）]{1,60}){0,2})"
)
_HAN = re.compile(r"[㐀-鿿豈-﫿]+")


def mentioned_in(text: str, record: Record, *, by: Actor, internal: bool) -> list[Any]:
    """The people whom staff name in a text about a record, of those who may see that text; in its order.

    Requesters name nobody: whether a name belongs to somebody is not for them to find out.
    """
    if not may(by, "read", record.kind) or is_system(by):
        return []
    spans = [match[1] for match in _MENTION.finditer(text)][:MOST]
    if not spans:
        return []
    readings = {span: list(_readings(span)) for span in spans}
    known = _people({one for some in readings.values() for one in some})
    named = [person for span in spans if (person := _first(readings[span], known)) is not None]
    unique = {person.number: person for person in named}
    return [person for person in unique.values() if _may_see(person, record, internal)]


def offered(record: Record, asked: str, *, to: Actor) -> list[dict[str, str]]:
    """People to complete `@asked` with: those who may see the record, for those who read the whole kind."""
    if not may(to, "read", record.kind):
        return []
    people: Any = get_user_model()
    known = people.objects.active().filter(Q(title__icontains=asked) | Q(username__startswith=asked.lower()))
    part = set(Participant.objects.filter(number=record.number).values_list("person", flat=True))
    part.add(getattr(getattr(record, "requester", None), "number", ""))
    fit = [one for one in known.order_by("title")[:200] if may(one, "read", record.kind) or one.number in part]
    return [{"name": one.title, "write": one.username or one.title} for one in fit[:OFFERED]]


def _readings(span: str) -> Iterator[str]:
    """What may be meant, the longest first: three words to one, and of a run of Han the first four signs to two."""
    words = span.split(" ")
    for count in range(len(words), 0, -1):
        yield " ".join(words[:count]).rstrip(".")
    run = _HAN.match(words[0])
    if run:
        for count in range(min(4, len(run[0])), 1, -1):
            yield run[0][:count]


def _people(names: Iterable[str]) -> dict[str, Any]:
    """Username or full name → the person; a name that several have names nobody."""
    wanted, people = list(names), get_user_model()
    active: Any = people._default_manager
    found = active.active().filter(Q(username__in=[name.lower() for name in wanted]) | Q(title__in=wanted))
    by_title: dict[str, list[Any]] = {}
    for person in found:
        by_title.setdefault(person.title, []).append(person)
    known = {title: some[0] for title, some in by_title.items() if len(some) == 1}
    return known | {person.username: person for person in found if person.username}


def _first(readings: Iterable[str], known: dict[str, Any]) -> Any:
    for reading in readings:
        person = known.get(reading) or known.get(reading.lower())
        if person is not None:
            return person
    return None


def _may_see(person: Any, record: Record, internal: bool) -> bool:
    if may(person, "read", record.kind):
        return True
    return not internal and visible(type(record)._default_manager.filter(pk=record.pk), person).exists()
