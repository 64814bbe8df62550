"""On the timeline of a record: who was told of what, by which ways, and what became of it (7.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from gnomon.governance.channels import channel_named
from gnomon.governance.models import Message, Receipt, Sending
from gnomon.records.asides import Aside
from gnomon.records.models import Record
from gnomon.records.queries.people import names_of
from gnomon.ui.timeline import Change, Entry
from gnomon.ui.values import Who

MESSAGES, PEOPLE = 60, 8


def told(record: Record, since: datetime | None, before: datetime | None) -> Sequence[Entry]:
    """One line for each message about this record, with its readers."""
    messages = Message.objects.filter(number=record.number)
    if since is not None:
        messages = messages.filter(told_at__gte=since)
    if before is not None:
        messages = messages.filter(told_at__lt=before)
    found = list(messages.order_by("-id")[:MESSAGES])
    if not found:
        return ()
    receipts: dict[int, list[Receipt]] = {}
    for receipt in Receipt.objects.filter(message__in=found).order_by("id").prefetch_related("sendings"):
        receipts.setdefault(receipt.message_id, []).append(receipt)
    # One entry may be told to several audiences in the same words; it is one line.
    alike: dict[tuple[str, str], list[Message]] = {}
    for message in found:
        alike.setdefault((str(message), message.cause.rpartition("/")[0] or message.cause), []).append(message)
    lines = [(some[-1], [one for message in some for one in receipts.get(message.pk, [])]) for some in alike.values()]
    names = names_of(one.person for _message, readers in lines for one in readers[:PEOPLE])
    return [_entry(message, readers, names) for message, readers in lines]


def _entry(message: Message, receipts: Sequence[Receipt], names: Mapping[str, str]) -> Entry:
    readers = [Change(names[one.person], None, _ways(one)) for one in receipts[:PEOPLE]]
    more = len(receipts) - PEOPLE
    if more > 0:
        says = ngettext("%(n)d other person", "%(n)d other people", more) % {"n": more}
        readers.append(Change(says, None, _("in Gnomon")))
    title = _("Told: %(title)s") % {"title": message.title_in(get_language())}
    return Entry("notice", Who(_("System"), kind="system"), message.told_at, title, changes=readers)


def _ways(receipt: Receipt) -> str:
    """`in Gnomon, read 10:05 · Mail: sent 10:02`."""
    if receipt.suppressed:
        return _("held back: too much was told within the hour")
    here = _("in Gnomon, read %(at)s") % {"at": _clock(receipt.read_at)} if receipt.read_at else _("in Gnomon")
    return " · ".join([here, *(_way(sending) for sending in receipt.sendings.all())])


def _way(sending: Sending) -> str:
    channel = channel_named(sending.channel)
    parts = [str(channel.title) if channel is not None else sending.channel, sending.get_state_display()]
    if sending.sent_at is not None:
        parts.append(_clock(sending.sent_at))
    elif sending.state == Sending.State.WAITING and sending.held:
        parts += [sending.get_held_display(), _clock(sending.due_at)]
    elif sending.error:
        parts.append(f"({sending.error.splitlines()[0][:120]})")
    return " ".join(parts)


def _clock(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%m-%d %H:%M")


TOLD = Aside("notices", told)
