"""What people were told about the records of somebody who is forgotten, and links that were sent to them."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gnomon.governance.models import Message, SentLink
from gnomon.records.erasing import Forgetting, Forgotten


def forget_messages(who: Forgotten) -> int:
    """Blank what was told about the blanked records, and whatever else names the person; that it was told stays."""
    named = [Q(text__contains=word) | Q(titles__icontains=word) for word in who.words]
    speaking = reduce(or_, named, Q(number__in=who.numbers, number__gt=""))
    count = 0
    for message in Message.objects.filter(speaking).iterator():
        titles = dict.fromkeys(message.titles, message.number or "—")
        count += Message.objects.filter(pk=message.pk).update(titles=titles, text="")
    return count


def close_links(who: Forgotten) -> int:
    """Links that were sent to the person open nothing any more."""
    return SentLink.objects.filter(person=who.person, revoked_at=None).update(revoked_at=timezone.now())


MESSAGES = Forgetting(_("Messages"), forget_messages)
LINKS = Forgetting(_("Links that were sent"), close_links)
