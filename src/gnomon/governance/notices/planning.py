"""What goes out of a message, to whom, by which channel and when: worked out by the worker."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from gnomon.governance.channels import Channel, open_channels
from gnomon.governance.models import Message, NoticePreference, Receipt, Sending
from gnomon.governance.notices.preferences import due, mode_of, preferences_of
from gnomon.governance.notices.topics import topic_of
from gnomon.jobs.actions import enqueue
from gnomon.jobs.moments import written
from gnomon.organization.models import Person

SEND, DIGEST = "governance:send", "governance:send_digest"


@transaction.atomic
def plan_sendings(message: int) -> None:
    """Store what is to be sent of a message; asked again, only what was not stored yet."""
    told = Message.objects.get(pk=message)
    receipts = {one.person: one for one in told.receipts.filter(sendings__isnull=True, suppressed=False)}
    people = list(Person.objects.active().filter(number__in=receipts))
    preferences = preferences_of(people)
    now = datetime.now(UTC)
    planned = [
        sending
        for person in people
        for channel in open_channels()
        if (sending := _sending(told, receipts[person.number], person, channel, preferences[person.number], now))
    ]
    Sending.objects.bulk_create(planned, ignore_conflicts=True)
    for sending in Sending.objects.filter(receipt__message=told, state=Sending.State.WAITING).select_related("receipt"):
        ask_to_send(sending)


def _sending(
    message: Message, receipt: Receipt, person: Person, channel: Channel, preference: NoticePreference, now: datetime
) -> Sending | None:
    mode = mode_of(preference, person, topic_of(message.what), channel.name)
    if (mode == "never" and not message.urgent) or not channel.address(person):
        return None
    when = due(preference, person, mode, now, urgent=message.urgent)
    return Sending(receipt=receipt, channel=channel.name, held=when.held, due_at=when.at)


def ask_to_send(sending: Sending) -> None:
    """Store the job that sends it, once; a digest has one job for all that waits for it."""
    if sending.held == Sending.Held.DIGEST:
        at = written(sending.due_at)
        person = sending.receipt.person
        enqueue(
            DIGEST, key=f"{person}/{sending.channel}/{at}", once=True, run_after=sending.due_at,
            person=person, channel=sending.channel, due_at=at,
        )  # fmt: skip
    else:
        enqueue(SEND, key=str(sending.pk), once=True, run_after=sending.due_at, sending=sending.pk)
