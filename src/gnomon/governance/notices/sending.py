"""Send what is due: each message once by each channel, whatever ends in between.

`begun` is committed before the channel is used. When a process ends between sending and marking, nobody can say
whether the message arrived: an urgent one is sent once more under the same Message-ID, which mail programs show
once; any other is left as “perhaps sent”, for nothing is sent twice and it stands in the interface anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import translation

from gnomon.governance.channels import Channel, Outgoing, Unsure, channel_named
from gnomon.governance.models import Sending
from gnomon.governance.notices.planning import SEND
from gnomon.governance.notices.telling import may_know
from gnomon.governance.notices.words import digest_outgoing, language_of, outgoing_of
from gnomon.jobs.actions import enqueue
from gnomon.jobs.refusals import GiveUp
from gnomon.organization.models import Person
from gnomon.records.kinds import find_record

ATTEMPTS = 8
PAUSE = timedelta(minutes=1)
GONE = "The channel is off, the person has left, or the record is not theirs to see any more."
State = Sending.State


class OnItsWay(Exception):
    """Another worker has the message in hand."""


# Whatever was begun so lately is with another worker; a killed one's job comes back later than that.
IN_FLIGHT = timedelta(seconds=40)

# Channels that did not answer, until when: one that hangs would else hold up all other work, ten seconds a message.
_away: dict[str, datetime] = {}


def send(sending: int) -> None:
    """Send one message by one channel; raises so that the worker tries again."""
    found = Sending.objects.select_related("receipt__message").filter(pk=sending).first()
    if found is None:
        return
    channel, person = channel_named(found.channel), _reader(found)
    if channel is None or channel.off() or person is None or not still_theirs(found, person):
        _spare([found], GONE)
        return
    if _is_away(channel):
        enqueue(SEND, run_after=_away[channel.name], sending=sending)
        return
    taken = _take([found])
    if taken:
        with translation.override(language_of(person)):
            outgoing = outgoing_of(taken[0], person, channel.address(person))
        _carry(channel, outgoing, taken)


def send_digest(person: str, channel: str, due_at: str) -> None:
    """Send all that waits for one person's digest as one message."""
    due = datetime.fromisoformat(due_at)
    waiting = Sending.objects.select_related("receipt__message").filter(
        receipt__person=person, channel=channel, held=Sending.Held.DIGEST, due_at__lte=due,
        state__in=(State.WAITING, State.BEGUN),
    ).order_by("id")  # fmt: skip
    some = list(waiting)
    way, reader = channel_named(channel), _reader(some[0]) if some else None
    if way is None or way.off() or reader is None:
        _spare(some, GONE)
        return
    theirs = [one for one in some if still_theirs(one, reader)]
    _spare([one for one in some if one not in theirs], GONE)
    taken = _take(theirs)
    if taken:
        with translation.override(language_of(reader)):
            outgoing = digest_outgoing(taken, reader, way.address(reader), due)
        _carry(way, outgoing, taken)


def sweep() -> int:
    """Ask again for what should have gone an hour ago: nothing that was planned is forgotten; how many."""
    late = Sending.objects.filter(state=State.WAITING, attempts=0, due_at__lt=datetime.now(UTC) - timedelta(hours=1))
    found = list(late.order_by("pk")[:1000])
    for sending in found:
        enqueue(SEND, key=f"late/{sending.pk}", sending=sending.pk)
    return len(found)


@transaction.atomic
def _take(some: Sequence[Sending]) -> list[Sending]:
    """Mark as begun what may be sent now; what was begun before, or read meanwhile, is settled instead."""
    locked = Sending.objects.select_for_update().select_related("receipt__message")
    held = {sending.pk: sending for sending in locked.filter(pk__in=[one.pk for one in some])}
    taken = []
    for sending in held.values():
        urgent = sending.receipt.message.urgent
        if sending.state == State.BEGUN and sending.begun_at and sending.begun_at > datetime.now(UTC) - IN_FLIGHT:
            raise OnItsWay(f"Another worker is sending {sending.pk} at this moment; look again later.")
        if sending.state == State.BEGUN and not urgent:
            sending.state = State.UNSURE
            sending.error = "The program ended while it was being sent; it is not sent again."
        elif sending.state == State.WAITING and sending.held and sending.receipt.read_at is not None:
            sending.state = State.SPARED
            sending.error = "It was read in the interface before."
        elif sending.state in (State.WAITING, State.BEGUN):
            sending.state, sending.begun_at = State.BEGUN, datetime.now(UTC)
            sending.attempts += 1
            taken.append(sending)
        else:
            continue
        sending.save(update_fields=["state", "error", "begun_at", "attempts"])
    return taken


def _carry(channel: Channel, outgoing: Outgoing, taken: Sequence[Sending]) -> None:
    """Use the channel, and mark what became of it."""
    if not outgoing.address:
        _spare(taken, "The person has no address there.")
        return
    try:
        with translation.override(language_of(outgoing.person)):
            channel.send(outgoing)
    except Unsure as silence:
        _away[channel.name] = datetime.now(UTC) + PAUSE
        _mark(taken, State.UNSURE, error=str(silence))
        return
    except GiveUp as refused:
        _mark(taken, State.FAILED, error=str(refused))
        raise
    except Exception as error:  # whatever a channel of somebody else raises: surely not sent, so tried again
        _away[channel.name] = datetime.now(UTC) + PAUSE
        last = max(sending.attempts for sending in taken) >= ATTEMPTS
        _mark(taken, State.FAILED if last else State.WAITING, error=f"{type(error).__name__}: {error}")
        raise
    _away.pop(channel.name, None)
    _mark(taken, State.SENT, key=outgoing.key)


def _mark(taken: Sequence[Sending], state: Sending.State, *, error: str = "", key: str = "") -> None:
    moment = datetime.now(UTC) if state == State.SENT else None
    some = Sending.objects.filter(pk__in=[sending.pk for sending in taken])
    some.update(state=state, error=error[:2000], sent_at=moment, message_id=key)


def _spare(some: Sequence[Sending], why: str) -> None:
    _mark([one for one in some if one.state in (State.WAITING, State.BEGUN)], State.SPARED, error=why)


def _reader(sending: Sending) -> Person | None:
    person: Person | None = Person.objects.active().filter(number=sending.receipt.person).first()
    return person


def still_theirs(sending: Sending, person: Person) -> bool:
    """Whether the person may still see what the message is about; it may have waited for a night."""
    message = sending.receipt.message
    about = find_record(message.number) if message.number else None
    return may_know(person, about, message.internal)


def _is_away(channel: Channel) -> bool:
    until = _away.get(channel.name)
    return until is not None and until > datetime.now(UTC)
