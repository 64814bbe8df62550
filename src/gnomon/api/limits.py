"""Rate limits: a bucket for each token, and one for each address that sends no good token.

Buckets live in the memory of each web process, so that a read writes nothing. Each process gives out its share of
the rate: all together never let more through than the limit, and a client whose calls all end in one process
gets no less than that share.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from math import ceil

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from gnomon.organization.models import AccessToken
from gnomon.records.refusals import Refused

WINDOW = 60
RATE_HEADERS = ("RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
REMEMBERED = 10_000
now = time.monotonic


class TooMany(Refused):
    """More calls than are let through; `wait` seconds on there is room again."""

    def __init__(self, wait: int) -> None:
        says = _("Those were too many calls. Wait %(seconds)d seconds, as Retry-After says, then go on.")
        super().__init__(says % {"seconds": wait})
        self.wait = wait


@dataclass(slots=True)
class Bucket:
    """Holds a minute's calls and fills evenly; each call takes one out."""

    per_minute: float
    left: float
    at: float

    def take(self, moment: float) -> bool:
        self.left = min(self.per_minute, self.left + (moment - self.at) * self.per_minute / WINDOW)
        self.at = moment
        if self.left < 1:
            return False
        self.left -= 1
        return True

    @property
    def wait(self) -> int:
        """Whole seconds until there is a call in it again."""
        return max(1, ceil((1 - self.left) * WINDOW / self.per_minute))

    @property
    def full_in(self) -> int:
        return ceil((self.per_minute - self.left) * WINDOW / self.per_minute)


_buckets: OrderedDict[str, Bucket] = OrderedDict()
_guard = threading.Lock()


def count_call(request: HttpRequest, token: AccessToken) -> None:
    """Take one call out of the token's bucket; TooMany when it is empty."""
    per_minute = token.calls_per_minute or settings.API_CALLS_PER_MINUTE
    bucket, allowed = _take(f"token {token.pk}", per_minute)
    request.rate = (per_minute, bucket)  # type: ignore[attr-defined]
    if not allowed:
        raise TooMany(bucket.wait)


def count_failure(request: HttpRequest) -> None:
    """Take one out of the bucket of an address from which no good token came; others there are not held up."""
    per_minute = settings.API_FAILURES_PER_MINUTE
    bucket, allowed = _take(f"address {request.META.get('REMOTE_ADDR', '')}", per_minute)
    if not allowed:
        request.rate = (per_minute, bucket)  # type: ignore[attr-defined]
        raise TooMany(bucket.wait)


def tell_rate(request: HttpRequest, answer: HttpResponseBase) -> None:
    """RateLimit headers (draft-ietf-httpapi-ratelimit-headers-07) on what is answered."""
    per_minute, bucket = getattr(request, "rate", (0, None))
    if bucket is None:
        return
    told = (f"{per_minute};w={WINDOW}", str(per_minute), str(int(bucket.left)), str(bucket.full_in))
    for name, value in zip(RATE_HEADERS, told, strict=True):
        answer.headers[name] = value


def forget_calls() -> None:
    """Begin again with full buckets."""
    _buckets.clear()


def _take(name: str, per_minute: int) -> tuple[Bucket, bool]:
    share, moment = per_minute / max(1, settings.WEB_PROCESSES), now()
    with _guard:
        bucket = _buckets.get(name)
        if bucket is None or bucket.per_minute != share:
            bucket = _buckets[name] = Bucket(share, max(1.0, share), moment)
            while len(_buckets) > REMEMBERED:
                _buckets.popitem(last=False)
        _buckets.move_to_end(name)
        return bucket, bucket.take(moment)
