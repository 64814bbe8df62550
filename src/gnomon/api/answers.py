"""JSON out, at the speed of C."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse

encode = msgspec.json.encode
PROBLEM = "application/problem+json"


def json_answer(body: Any, status: int = 200, etag: str = "") -> HttpResponse:
    """An answer in JSON; `etag` marks its version."""
    answer = HttpResponse(encode(body), status=status, content_type="application/json")
    if etag:
        answer["ETag"] = f'"{etag}"'
    return answer


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """A refusal as problem details (RFC 9457); `detail` is a sentence."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return HttpResponse(encode(body), status=status, content_type=PROBLEM)
