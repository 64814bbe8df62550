"""Who calls: a bearer token stands for a person and a scope."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from gnomon.organization.actions.tokens import use_token
from gnomon.organization.queries.access import token_of
from gnomon.records.refusals import NotAllowed

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenBearer(HttpBearer):
    """`Authorization: Bearer TOKEN`; a token without the scope “write” only reads."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        known = token_of(token)
        if known is None:
            return None
        person = known.person
        if person.language and "Accept-Language" not in request.headers:
            translation.activate(person.language)
        needed = "read" if request.method in READING else "write"
        if needed not in known.scopes:
            raise NotAllowed(_("This token has no scope “%(scope)s”. Make one that has it.") % {"scope": needed})
        use_token(known)
        request.user = person
        return person
