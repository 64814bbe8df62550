"""JSON out, at the speed of C."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from django.http import HttpResponse

encode = msgspec.json.encode
PROBLEM = "application/problem+json"


def json_answer(body: Any, status: int = 200, *, version: int | None = None, told: bool = True) -> HttpResponse:
    """An answer in JSON with a strong ETag: of its bytes, and of the record's version when there is one.

    With `told=False` the body is not the record itself, so that only the version is marked.
    """
    content = encode(body)
    answer = HttpResponse(content, status=status, content_type="application/json")
    answer["ETag"] = tag_of(content if told else b"", version)
    return answer


def tag_of(content: bytes, version: int | None) -> str:
    """The ETag of these bytes, which begins with the record's version: that alone decides about If-Match."""
    # Derived columns move without the version, so that the version alone would be no strong validator.
    parts = ([] if version is None else [str(version)]) + (
        [hashlib.blake2b(content, digest_size=8).hexdigest()] if content else []
    )
    return f'"{"-".join(parts)}"'


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """A refusal as problem details (RFC 9457); `detail` is a sentence."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return HttpResponse(encode(body), status=status, content_type=PROBLEM)
