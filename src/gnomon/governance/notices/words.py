"""What a message says outside of the interface, in the language of its reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from gnomon.governance.channels import Outgoing
from gnomon.governance.links import absolute, make_link, page_for
from gnomon.governance.models import Message, Sending
from gnomon.governance.notices.everywhere import DIGEST
from gnomon.governance.notices.gaps import Telling, filled
from gnomon.governance.notices.wording import wording_now
from gnomon.organization.models import Person
from gnomon.records.kinds import find_record
from gnomon.records.models import Record
from gnomon.records.permissions import may

EARLIER = 10


def language_of(person: Person) -> str:
    return person.language or settings.LANGUAGE_CODE


def outgoing_of(sending: Sending, person: Person, address: str) -> Outgoing:
    """One message, threaded with what this person got about the same record."""
    message = sending.receipt.message
    title = message.title_in(get_language())
    about = find_record(message.number) if message.number else None
    return Outgoing(
        person=person, address=address, key=key_of(sending), title=title,
        text=message.text_in(get_language()), subject=_subject(message, title, about), url=absolute(message.url),
        links=tuple(_links(message, person, about)), thread=f"{message.number}.gnomon" if message.number else "",
        earlier=_earlier(sending), settings_url=_settings_url(),
    )  # fmt: skip


def _subject(message: Message, title: str, about: Record | None) -> str:
    """The same for all that is sent about a record, so that it reads as one conversation, unless we word it ourselves."""
    if about is None or (message.texts and about.number in title):
        return title
    return f"[{about.number}] {title if message.texts else about.title}"


def digest_outgoing(some: Sequence[Sending], person: Person, address: str, due: datetime) -> Outgoing:
    """Many messages as one, in their order."""
    said = [sending.receipt.message for sending in some]
    words = wording_now(DIGEST)
    telling = Telling(DIGEST, None, facts={"n": len(said)})
    title, text = (filled(part, telling.fill).strip() for part in (words.title(), words.text()))
    return Outgoing(
        person=person, address=address, key=f"digest.{key_of(some[0])}", title=title, text=text, subject=title,
        lines=[(message.title_in(get_language()), absolute(message.url)) for message in said],
        url=absolute(reverse("messages")), settings_url=_settings_url(),
    )  # fmt: skip


def key_of(sending: Sending) -> str:
    """The same in each attempt, and the same nowhere else."""
    return f"{sending.receipt.message.number or 'gnomon'}.{sending.pk}.{int(sending.due_at.timestamp())}"


def _links(message: Message, person: Person, about: Record | None) -> Iterator[tuple[str, str]]:
    for purpose in message.links if about is not None else ():
        page = page_for(purpose)
        if page is None or about is None or (page.outside and may(person, "read", about.kind)):
            continue
        yield str(page.title), absolute(make_link(purpose, person=person.number, about=about))


def _earlier(sending: Sending) -> Sequence[str]:
    """What went to this person about this record before, oldest first."""
    message = sending.receipt.message
    if not message.number:
        return ()
    sent = Sending.objects.filter(
        receipt__person=sending.receipt.person, receipt__message__number=message.number, channel=sending.channel,
        pk__lt=sending.pk,
    ).exclude(message_id="")  # fmt: skip
    return list(sent.order_by("-pk").values_list("message_id", flat=True)[:EARLIER])[::-1]


def _settings_url() -> str:
    return absolute(reverse("own_notices"))
