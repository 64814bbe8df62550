"""Conditional requests (RFC 9110, 13): nothing is sent twice, and nothing is written over what was not seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from gnomon.records.actions.write import hold
from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.permissions import is_told
from gnomon.records.queries.differences import changes_since, only_people_since
from gnomon.records.refusals import InvalidFacts, Refused, StaleRecord

_BARE = re.compile(r"[0-9]{1,9}", re.ASCII)
_OURS = re.compile(r'"([0-9]{1,9})(?:-[0-9a-f]+)?"', re.ASCII)


class NotAsSeen(StaleRecord):
    """If-Match names a version that is not the present one."""


class ConditionNeeded(Refused):
    """This installation takes no change of a record without the version that was seen."""


def unless_known(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """The answer, or 304 when whoever asks has these very bytes already."""
    tag = answer.headers.get("ETag", "")
    known = request.headers.get("If-None-Match", "")
    if not known or not tag or answer.status_code != 200:
        return answer
    if known.strip() != "*" and tag not in {t.removeprefix("W/") for t in parse_etags(known)}:
        return answer
    unchanged = HttpResponse(status=304)
    del unchanged["Content-Type"]
    for name in ("ETag", "Link", "Cache-Control"):
        if name in answer.headers:
            unchanged[name] = answer.headers[name]
    return unchanged


def condition_of(request: HttpRequest, record: Record, expect: int | None = None) -> Callable[[Record], None] | None:
    """What If-Match asks of a record, for whoever writes it to ask again under the lock; None when it asks nothing.

    The record as it was read fulfils it already: versions only rise, so one that does not never will.
    """
    versions = _versions(request.headers.get("If-Match", ""))
    if versions is None:
        if settings.API_REQUIRES_IF_MATCH and expect is None:
            says = _("Send If-Match with the ETag of %(record)s as you saw it, or * to write whatever it holds now.")
            raise ConditionNeeded(says % {"record": record.number})
        return None

    def hold_and_fulfil(seen: Record) -> None:
        hold(seen)
        _fulfil(versions, seen)

    _fulfil(versions, record)
    return hold_and_fulfil


def _fulfil(versions: list[int], record: Record) -> None:
    """Refuse a record that is of none of these versions; when none is named, any will do."""
    if not versions or record.version in versions:
        return
    seen = max((version for version in versions if version < record.version), default=record.version)
    # An outage brings people by the dozen, who contradict nobody; a version that is yet to come was not seen.
    if seen < 0 or seen == record.version or not only_people_since(record.kind, record.number, seen):
        changed, by = changes_since(record.kind, record.number, seen)
        says = _("%(record)s was changed by somebody else meanwhile. Look at what is new, then decide again.")
        raise NotAsSeen(says % {"record": record.number}, changed, by, record.version)


@contextmanager
def as_seen(request: HttpRequest, record: Record, expect: int | None = None) -> Iterator[None]:
    """Carry a write out only on the version that If-Match names, with other writers held off meanwhile."""
    with as_told(request, record.kind):
        condition = condition_of(request, record, expect)
        if condition is None:
            yield
            return
        with transaction.atomic():
            condition(record)
            yield


@contextmanager
def as_told(request: HttpRequest, kind: Kind) -> Iterator[None]:
    """Tell what changed meanwhile as far as whoever calls is told of it at all."""
    try:
        yield
    except StaleRecord as stale:
        person: Any = request.user
        stale.changed = {name: pair for name, pair in stale.changed.items() if is_told(person, kind, name)}
        raise


def _versions(text: str) -> list[int] | None:
    """The versions that If-Match names: none at all for *, None when there is no such header.

    Comparison is strong, so that weak tags match nothing; tags of others match nothing either.
    """
    text = text.strip()
    if text == "":
        return None
    if text == "*":
        return []
    if _BARE.fullmatch(text):
        return [int(text)]
    tags = parse_etags(text)
    if not tags:
        says = _('If-Match takes the ETag of an answer, as "3-5f0c…", or *.')
        raise InvalidFacts(says, {"If-Match": says})
    return [int(ours[1]) for tag in tags if (ours := _OURS.fullmatch(tag))] or [-1]
