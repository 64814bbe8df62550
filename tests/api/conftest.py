"""Programs that call the API as the people of the cast."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gnomon.organization.actions import make_token
from gnomon.organization.models import Person
from gnomon.records.actors import SYSTEM


class Program:
    """A client that speaks JSON with a token."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=_named(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("patch", path, body, headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return getattr(self.client, method)(
            f"/api/v1/{path}", sent, content_type="application/json", headers=_named(headers)
        )


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def program(db: None) -> Callable[..., Program]:
    """`program(bob)`: acts as Bob."""

    def made(person: Person, **facts: Any) -> Program:
        _token, secret = make_token(person, name=f"test {len(facts)}", by=SYSTEM, **facts)
        return Program(secret)

    return made


@pytest.fixture
def bobs(bob: Person, program: Callable[..., Program]) -> Program:
    return program(bob)


@pytest.fixture
def carols(carol: Person, program: Callable[..., Program]) -> Program:
    return program(carol)
