"""Idempotency-Key: a request that is sent again is answered again, and carried out once.

What it did and what was answered are stored in one transaction, so that whoever is killed between
doing and answering has done both or neither. A refusal did nothing: it is not kept but judged anew.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.api.models import KeptAnswer
from gnomon.jobs.questions import Question
from gnomon.jobs.rows import insert, update
from gnomon.records.refusals import InvalidFacts, Refused

KEPT_FOR = timedelta(days=1)
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
_KEY = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?', re.ASCII)
_KEPT = Question(lambda person, key: KeptAnswer.objects.filter(person=person, key=key))
_at_work: set[tuple[str, str]] = set()
_guard = threading.Lock()
Write = Callable[[], HttpResponseBase]


class StillAtWork(Refused):
    """The first request with this key has not ended."""


class KeyUsedOtherwise(Refused):
    """The key came with another request before."""


def once(request: HttpRequest, think: Callable[[], Write]) -> HttpResponseBase:
    """What the write answers that `think` works out; for a key that was answered before, the same without writing.

    It is worked out before the turn to write is taken. What refuses it then may be what the first request has
    done: a kept answer goes before.
    """
    key = _key_of(request)
    if key is None:
        return think()()
    person: Any = request.user
    fingerprint = _fingerprint(request)
    with _alone(person.number, key):
        write, refused = _thought(think)
        with transaction.atomic():
            _lock(person.number, key)
            kept = _KEPT.first(person=person.number, key=key)
            if kept is not None and kept.made_at > timezone.now() - KEPT_FOR:
                return _again(kept, fingerprint)
            if write is None:
                raise refused
            answer = write()
            if (
                isinstance(answer, HttpResponse)
                and answer.status_code < 300
                and "no-store" not in answer.get("Cache-Control", "")
            ):
                _keep(answer, kept, person=person.number, key=key, fingerprint=fingerprint)
            return answer


def _thought(think: Callable[[], Write]) -> tuple[Write | None, Exception]:
    try:
        return think(), AssertionError("nothing was refused")
    except Exception as refused:  # noqa: BLE001 — raised again in the turn, unless there is an answer already
        return None, refused


def _keep(answer: HttpResponse, old: KeptAnswer | None, **facts: str) -> None:
    """Store an answer, in place of one whose day is over."""
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    row = KeptAnswer(
        status=answer.status_code, body=answer.content, headers=headers, made_at=timezone.now(), **facts
    )  # fmt: skip
    if old is None:
        insert(row)
    else:
        row.pk = old.pk
        update(row, ("fingerprint", "status", "body", "made_at", "headers"))


def forget_answers() -> None:
    """Delete answers whose day is over; the key may be used anew."""
    KeptAnswer.objects.filter(made_at__lte=timezone.now() - KEPT_FOR).delete()


def _key_of(request: HttpRequest) -> str | None:
    text = request.headers.get("Idempotency-Key")
    if text is None:
        return None
    found = _KEY.fullmatch(text.strip())
    if found is None:
        says = _("An Idempotency-Key is 1 to 255 visible characters, best a random UUID.")
        raise InvalidFacts(says, {"Idempotency-Key": says})
    return found[1]


def _fingerprint(request: HttpRequest) -> str:
    """What makes two requests the same: how, where, under which condition, and every byte."""
    digest = hashlib.sha256()
    for part in (request.method or "", request.get_full_path(), request.headers.get("If-Match", "")):
        digest.update(part.encode() + b"\n")
    if request.FILES:  # read already, and gone from the body
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                digest.update(f"{name}\n{getattr(file, 'name', '')}\n".encode())
                for piece in file.chunks():
                    digest.update(piece)
                file.seek(0)
        digest.update(repr(sorted(request.POST.lists())).encode())
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _again(kept: KeptAnswer, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        raise KeyUsedOtherwise(
            _("This Idempotency-Key came with another request before. Use a new key for a new request.")
        )
    answer = HttpResponse(bytes(kept.body), status=kept.status)
    del answer["Content-Type"]
    for name, value in kept.headers.items():
        answer[name] = value
    answer["Idempotency-Replayed"] = "true"
    return answer


@contextmanager
def _alone(person: str, key: str) -> Iterator[None]:
    """Refuse a second request with the key while this process carries out the first."""
    mine = (person, key)
    with _guard:
        if mine in _at_work:
            raise _still_at_work()
        _at_work.add(mine)
    try:
        yield
    finally:
        _at_work.discard(mine)


def _lock(person: str, key: str) -> None:
    """The same among processes: PostgreSQL can tell; SQLite has let us in as the only writer, after the first ended."""
    if connection.vendor != "postgresql":
        return
    digest = hashlib.sha256(f"{person}\n{key}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])
        if not cursor.fetchone()[0]:
            raise _still_at_work()


def _still_at_work() -> StillAtWork:
    return StillAtWork(_("The first request with this Idempotency-Key is still at work. Send it again in a moment."))
