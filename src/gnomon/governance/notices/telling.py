"""Tell people of something, in the transaction that causes it (7.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import lazy

from gnomon.governance.models import Message, Receipt
from gnomon.organization.models import Person
from gnomon.records.models import Record
from gnomon.records.permissions import may, visible
from gnomon.standard.plugs import Says

LONGEST_TITLE = 300


def _filled(text: Says, facts: tuple[tuple[str, Any], ...]) -> str:
    return str(text) % {name: str(value) for name, value in facts}


_filled_later = lazy(_filled, str)


def says(text: Says, **facts: Any) -> Says:
    """A lazy text with its `%(name)s` filled in when it is read: once for each language that it is kept in."""
    return _filled_later(text, tuple(facts.items()))


def tell(
    people: Iterable[str], *, about: Record | None, what: str, title: Says, text: str = "", cause: str, url: str = "",
    internal: bool = False, urgent: bool = False, by: str = "", links: Sequence[str] = (),
) -> None:  # fmt: skip
    """Tell people, by their numbers, of something; whoever was told of the same cause before is not told again.

    Stored in the caller's transaction: told if that commits, and only then. Whoever has left, may not see the
    record, or did the thing themself (`by`) is not told; `internal` words are for those who read the whole kind.
    `title` is a lazy text, `says(_("… %(name)s …"), name=…)` when it has gaps. `urgent` waits for no quiet hours.
    `links` are purposes of `LinkPage`s: what goes outside holds such a link for each person (governance/links.py).
    """
    with transaction.atomic():
        told = [person for person in _active(people, by) if _may_know(person, about, internal)]
        if not told:
            return
        message = _message(
            cause, what=what, kind=about.kind.name if about else "", number=about.number if about else "",
            titles=_in_each_language(title), text=text, url=url or (about.get_absolute_url() if about else ""),
            internal=internal, urgent=urgent, actor=by, links=list(links),
        )  # fmt: skip
        Receipt.objects.bulk_create(
            [Receipt(message=message, person=person.number) for person in told], ignore_conflicts=True
        )


def _active(people: Iterable[str], by: str) -> Iterable[Person]:
    wanted = {number for number in people if number and number != by}
    return Person.objects.active().filter(number__in=wanted).order_by("id") if wanted else ()


def _may_know(person: Person, about: Record | None, internal: bool) -> bool:
    """Whether this person may learn of the message at all; only those without the read role cost a query."""
    if about is None or may(person, "read", about.kind):
        return True
    return not internal and visible(type(about).objects.filter(pk=about.pk), person).exists()


def _message(cause: str, **facts: Any) -> Message:
    """The one message of this cause; what was told first stands."""
    if len(cause) > 200:
        raise ValueError(f"A cause has at most 200 characters, not {len(cause)}: {cause[:40]}…")
    wanted = Message(cause=cause, told_at=datetime.now(UTC), **facts)
    Message.objects.bulk_create([wanted], ignore_conflicts=True)
    return Message.objects.get(cause=cause)


def _in_each_language(title: Says) -> dict[str, str]:
    titles = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            titles[code] = str(title)[:LONGEST_TITLE]
    return titles
