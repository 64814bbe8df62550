"""Markers of where a page ended, signed: one that is altered, or of another list, is refused."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from gnomon.records.refusals import InvalidFacts


def signed_cursor(place: str, marker: str) -> str:
    """A marker that is good in this place only, whoever comes with it: tokens end, reading goes on."""
    return Signer(salt=f"cursor {place}", sep=".").sign(marker)


def read_cursor(place: str, cursor: str) -> str:
    """The marker behind a cursor, nothing for none; InvalidFacts when it is not ours or of another list."""
    if not cursor:
        return ""
    try:
        return Signer(salt=f"cursor {place}", sep=".").unsign(cursor)
    except (BadSignature, UnicodeError):
        says = _("This page marker is not ours, or of another list. Begin again at the first page.")
        raise InvalidFacts(says, {"cursor": says}) from None
