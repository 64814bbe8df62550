"""What people were told about the records of somebody who is forgotten, and links that were sent to them."""

from __future__ import annotations

import json
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gnomon.governance.models import Message, Sending, SentLink
from gnomon.governance.sealing.words import blank, is_blank
from gnomon.records.erasing import Forgetting, Forgotten

BATCH = 500  # messages that one entry tells of


def forget_messages(who: Forgotten) -> int:
    """Blank what was told about the blanked records, and whatever else names the person; that it was told stays."""
    speaking = reduce(or_, map(_naming, who.words), Q(number__in=who.numbers, number__gt=""))
    found = [
        message.pk
        for message in Message.objects.filter(speaking).iterator()
        if not is_blank(message.number, message.titles, message.text, message.texts)
    ]
    for start in range(0, len(found), BATCH):
        blank(found[start : start + BATCH], case=who.case, by=who.by)
    return len(found)


def _naming(word: str) -> Q:
    """Messages that say a word; databases keep JSON with or without signs that are not ASCII."""
    inside = {json.dumps(word, ensure_ascii=ascii)[1:-1] for ascii in (True, False)}
    titled = (Q(titles__icontains=one) | Q(texts__icontains=one) for one in inside)
    return reduce(or_, titled, Q(text__contains=word))


def forget_answers(who: Forgotten) -> int:
    """Blank what mail servers and other channels answered about the person: they name the address that they refuse."""
    naming = reduce(or_, (Q(error__contains=word) for word in who.words), Q(receipt__person=who.person))
    return Sending.objects.filter(naming).exclude(error="").update(error="")


def close_links(who: Forgotten) -> int:
    """Links that were sent to the person open nothing any more."""
    return SentLink.objects.filter(person=who.person, revoked_at=None).update(revoked_at=timezone.now())


MESSAGES = Forgetting(_("Messages"), forget_messages)
ANSWERS = Forgetting(_("Answers of mail servers and other channels"), forget_answers)
LINKS = Forgetting(_("Links that were sent"), close_links)
