"""Who calls: a bearer token stands for a person, and for what it may be used."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.security import HttpBearer

from gnomon.api.limits import count_call, count_failure
from gnomon.organization.actions.tokens import use_token
from gnomon.organization.queries.access import token_of
from gnomon.organization.scopes import require_scope

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenBearer(HttpBearer):
    """`Authorization: Bearer TOKEN`, with a token that has the scope named here."""

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        person = super().__call__(request)
        if person is None:
            count_failure(request)
        return person

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        known = token_of(token)
        if known is None:
            return None
        person = known.person
        if person.language and "Accept-Language" not in request.headers:
            translation.activate(person.language)
        if person.time_zone:  # dates in filters are the person's; the middleware around us puts it back
            timezone.activate(ZoneInfo(person.time_zone))
        count_call(request, known)
        require_scope(known.scopes, self.scope)
        use_token(known)
        request.user = person
        request.scopes = tuple(known.scopes)  # type: ignore[attr-defined]
        return person


def needs(scope: str, **extra: Any) -> dict[str, Any]:
    """For an operation: the token that it asks for, and the same in its description."""
    return {"auth": TokenBearer(scope), "openapi_extra": {"x-scope": scope, **extra}}
