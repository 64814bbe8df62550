"""Tell people of something, in the transaction that causes it (7.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import translation

from gnomon.governance.channels import open_channels
from gnomon.governance.models import Message, NoticeText, Receipt
from gnomon.governance.notices.everywhere import HELD_BACK
from gnomon.governance.notices.gaps import Telling
from gnomon.governance.notices.wording import own_text, said, wording_of
from gnomon.governance.sealing.words import commit
from gnomon.jobs.actions import enqueue
from gnomon.jobs.moments import milliseconds
from gnomon.jobs.questions import Question
from gnomon.jobs.rows import insert_unless_there
from gnomon.organization.models import Person
from gnomon.records.models import Record
from gnomon.records.permissions import may, visible
from gnomon.records.queries.people import names_of
from gnomon.standard.plugs import Notice, Says

PLAN = "governance:plan_sendings"
LONGEST_TITLE = 300
HOUR = timedelta(hours=1)
MOST, MOST_URGENT = 20, 60


def tell(
    people: Iterable[str], notice: Notice, *, about: Record | None, text: Says = "", cause: str, url: str = "",
    internal: bool = False, by: str = "", chosen: bool = False, **facts: Any,
) -> None:  # fmt: skip
    """Tell people, by their numbers, of something; whoever was told of the same cause before is not told again.

    Stored in the caller's transaction: told if that commits, and only then. Whoever has left, may not see the
    record, or did the thing themself (`by`) is not told; `internal` words are for those who read the whole kind.
    What it says is the `notice`, declared in `<app>/notices.py` so that an organisation can word it otherwise;
    `text` is passed on, `facts` fill its gaps. Who was `chosen` as one who may see the record is not asked about.
    """
    if (about is None) != (notice.kind == ""):
        raise ValueError(f"“{notice.key}” is told about {notice.kind or 'no record'}.")
    actor = names_of([by])[by] if by else ""
    telling = Telling(notice, about, actor=actor, words=text, facts=facts)
    tell_so(people, telling, own_text(notice), cause=cause, url=url, internal=internal, by=by, chosen=chosen)


def tell_so(
    people: Iterable[str], telling: Telling, own: NoticeText | None, *, cause: str, url: str = "",
    internal: bool = False, by: str = "", chosen: bool = False,
) -> None:  # fmt: skip
    """The same, in the words that the organisation has of its own, if any."""
    notice, about = telling.notice, telling.record
    internal = internal or notice.internal
    told = [person for person in _active(people, by) if chosen or may_know(person, about, internal)]
    if not told:
        return
    title, text, texts = _words(telling, own)
    with transaction.atomic():
        message = _message(
            cause, what=notice.what, kind=about.kind.name if about else "", number=about.number if about else "",
            titles=title, text=text, texts=texts, url=url or (about.get_absolute_url() if about else ""),
            internal=internal, urgent=notice.urgent, actor=by, links=list(notice.links),
        )  # fmt: skip
        too_much = _told_too_much([person.number for person in told], about, notice.urgent)
        receipts = [Receipt(message=message, person=one.number, suppressed=one.number in too_much) for one in told]
        if len(receipts) == 1:
            insert_unless_there(receipts[0])
        else:
            Receipt.objects.bulk_create(receipts, ignore_conflicts=True)
        if open_channels():
            enqueue(PLAN, cause=cause[:80], message=message.pk)
    if too_much and about is not None:
        _tell_of_silence(too_much, about)


def _words(telling: Telling, own: NoticeText | None) -> tuple[dict[str, str], str, dict[str, str]]:
    """Title in each language, further words, and those in each language where they differ or are our own."""
    if own is None:
        texts = _in_each_language(telling.said)
        usual = texts[settings.LANGUAGE_CODE]
        alike = all(text == usual for text in texts.values())
        return _in_each_language(telling.title, LONGEST_TITLE), usual, {} if alike else texts
    title, text = said(telling, wording_of(own, telling.notice))
    texts = _in_each_language(text)
    return _in_each_language(title, LONGEST_TITLE), texts[settings.LANGUAGE_CODE], texts


def _told_too_much(people: Sequence[str], about: Record | None, urgent: bool) -> set[str]:
    """Whoever was told so much about this record within the hour that more would only be noise, or is a loop."""
    if about is None:
        return set()
    hour_ago = datetime.now(UTC) - HOUR
    if len(people) == 1:
        counts = _LATELY.all(number=about.number, person=people[0], since=milliseconds(hour_ago))
    else:
        counts = list(_lately(about.number, hour_ago).filter(person__in=people))
    return {person for person, count in counts if count >= (MOST_URGENT if urgent else MOST)}


# Who is active is asked of the person: a question is worded once, and would go by the day of then for ever.
_PERSON = Question(lambda number: Person.objects.filter(number=number))


def _lately(number: Any, since: Any) -> Any:
    """Person → how often they were told of a record since a moment."""
    lately = Receipt.objects.filter(message__number=number, message__told_at__gt=since, suppressed=False)
    return lately.order_by().values_list("person").annotate(count=Count("pk"))


_LATELY = Question(lambda number, person, since: _lately(number, since).filter(person=person))


def _tell_of_silence(people: Iterable[str], about: Record) -> None:
    """One message for the hour, in place of all that are held back; they stand on the record's timeline."""
    titles, text, texts = _words(Telling(HELD_BACK, about), own_text(HELD_BACK))
    message = _message(
        f"{about.number}/silence/{datetime.now(UTC):%Y-%m-%dT%H}", what=HELD_BACK.what, kind=about.kind.name,
        number=about.number, url=about.get_absolute_url(), titles=titles, text=text, texts=texts,
    )  # fmt: skip
    some = [Receipt(message=message, person=person) for person in people]
    Receipt.objects.bulk_create(some, ignore_conflicts=True)


def _active(people: Iterable[str], by: str) -> Iterable[Person]:
    wanted = {number for number in people if number and number != by}
    if len(wanted) == 1:  # mostly
        return [person for person in _PERSON.all(number=wanted.pop()) if person.is_active]
    return Person.objects.active().filter(number__in=wanted).order_by("id") if wanted else ()


def may_know(person: Person, about: Record | None, internal: bool) -> bool:
    """Whether this person may learn of the message at all; only those without the read role cost a query."""
    if about is None or may(person, "read", about.kind):
        return True
    if not internal and any(getattr(about, f"{name}_id") == person.pk for name in about.kind.open_to):
        return True
    return not internal and visible(type(about).objects.filter(pk=about.pk), person).exists()


def _message(cause: str, **facts: Any) -> Message:
    """The one message of this cause; what was told first stands."""
    if len(cause) > 200:
        raise ValueError(f"A cause has at most 200 characters, not {len(cause)}: {cause[:40]}…")
    wanted = commit(Message(cause=cause, told_at=datetime.now(UTC), **facts))
    return wanted if insert_unless_there(wanted) else Message.objects.get(cause=cause)


def _in_each_language(text: Says, longest: int | None = None) -> dict[str, str]:
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(text)[:longest]
    return said
