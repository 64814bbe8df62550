"""The words of messages: committed to when they are told, so that none is altered unseen and each can be erased (7.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.governance.models import Erasure, Message
from gnomon.records import actions
from gnomon.records.ledger.personal import commitment, committed
from gnomon.records.ledger.reading import pages, rows
from gnomon.standard.plugs import Actor

VERB = "blanked"
NOBODY = "—"  # stands where the title was of a message about no record
_MESSAGES = "SELECT id, number, titles, text, texts, salt, commitment FROM governance_message WHERE id > %s ORDER BY id LIMIT %s"
_decode = msgspec.json.decode


def commit(message: Message) -> Message:
    """Commit to the words of a message that is about to be told."""
    message.salt, message.commitment = committed([message.titles, message.text, message.texts])
    return message


@transaction.atomic
def blank(keys: Sequence[int], *, case: str, by: Actor) -> None:
    """Blank the words of these messages, and let the erasure say so: verification accepts no other loss."""
    for message in Message.objects.filter(pk__in=keys):
        message.titles = dict.fromkeys(message.titles, message.number or NOBODY)
        message.text, message.texts, message.salt = "", {}, ""
        message.save(update_fields=("titles", "text", "texts", "salt"))
    actions.note(Erasure.objects.get(number=case), VERB, by=by, erased_messages=[None, list(keys)])


def is_blank(number: str, titles: Any, text: Any, texts: Any) -> bool:
    """Whether nothing is left of the words of a message."""
    return (text, texts) == ("", {}) and isinstance(titles, dict) and set(titles.values()) <= {number or NOBODY}


def altered_words() -> Iterator[tuple[str, str]]:
    """The record of each message whose words are not those that were told, or erased; and a sentence."""
    erased = _erased()
    for page in pages(_MESSAGES, start=[0], key=slice(0, 1)):
        for key, number, *words, salt, known in page:
            says = _fault_of(number, words, salt, known, erased=key in erased)
            if says:
                yield str(number), says % {"number": number or NOBODY, "message": key}


def _fault_of(number: Any, words: Sequence[Any], salt: Any, known: Any, *, erased: bool) -> str:
    """What is wrong with the words of a message; nothing can be said of one from before they were committed to."""
    titles, text, texts = words
    try:
        told = [_decode(titles), text, _decode(texts)]
        if salt and not erased and commitment(told, salt) == known:
            return ""
        blank_now = is_blank(number, *told)
    except (TypeError, ValueError):
        return _("%(number)s: the words of message %(message)d are not those that were told.")
    if erased:
        return (
            ""
            if blank_now and not salt
            else _("%(number)s: the words of message %(message)d were erased, and are there again.")
        )
    if not salt and not known:
        return ""
    if blank_now and not salt:
        return _("%(number)s: the words of message %(message)d were taken out, but no entry tells of an erasure.")
    return _("%(number)s: the words of message %(message)d are not those that were told.")


def _erased() -> set[int]:
    """The messages whose words were erased, as the entries of the erasures tell."""
    found: set[int] = set()
    for (facts,) in rows(
        "SELECT facts FROM records_ledgerentry WHERE kind = 'erasure' AND verb = %s", [f"erasure:{VERB}"]
    ):
        with suppress(TypeError, ValueError, LookupError):  # the digest has told already
            found.update(_decode(facts)["erased_messages"][1])
    return found
