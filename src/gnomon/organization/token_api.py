"""Tokens for programs that make tokens: each holds no more than the one that asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from gnomon.organization.actions.tokens import MOST_CALLS, make_token, revoke_token, rotate_token
from gnomon.organization.models import AccessToken
from gnomon.organization.scopes import in_full, permits
from gnomon.records.endpoints import Call, Endpoint, Given
from gnomon.records.facts import moment_text
from gnomon.records.refusals import NotAllowed

LONGEST_DAYS = 3660
USUAL, USUAL_DAYS, USUAL_OVERLAP = ("*:read",), 90, 60  # scopes, days, minutes


class TokenTold(Schema):
    """A token without its text, which nobody can have again."""

    key: int
    name: str
    prefix: str
    scopes: list[str]
    calls_per_minute: int | None
    made_at: str
    expires_at: str | None
    last_used_at: str | None


class TokenMade(TokenTold):
    token: str = Field(description="The text of the token, shown this once.")


class TokenGiven(Given):
    """What the new token may do, and for how long."""

    name: str
    scopes: list[str] = Field(default=list(USUAL), max_length=200)
    days: int = Field(default=USUAL_DAYS, ge=1, le=LONGEST_DAYS)
    calls_per_minute: int | None = Field(default=None, ge=1, le=MOST_CALLS)


class RotateGiven(Given):
    """For how long the former text is good beside the new one."""

    overlap_minutes: int = Field(default=USUAL_OVERLAP, ge=0, le=7 * 24 * 60)


def tokens(call: Call) -> list[dict[str, Any]]:
    """My tokens that open something."""
    return [_told(token) for token in call.person.tokens.filter(revoked_at=None)]


def make(call: Call) -> HttpResponse:
    """A new token of mine."""
    scopes = call.given.get("scopes", list(USUAL))
    _require_held(call.scopes, scopes)
    made, text = make_token(
        call.person, name=call.given["name"], scopes=scopes, by=call.person,
        expires_at=timezone.now() + timedelta(days=call.given.get("days", USUAL_DAYS)),
        calls_per_minute=call.given.get("calls_per_minute"),
    )  # fmt: skip
    return _shown_once(made, text, 201)


def rotate(call: Call) -> HttpResponse:
    """A new text for one of my tokens."""
    token = _found(call)
    _require_held(call.scopes, token.scopes)
    made, text = rotate_token(
        token, by=call.person, overlap=timedelta(minutes=call.given.get("overlap_minutes", USUAL_OVERLAP))
    )
    return _shown_once(made, text, 200)


def revoke(call: Call) -> None:
    """The token opens nothing any more."""
    revoke_token(_found(call), by=call.person)


def _found(call: Call) -> AccessToken:
    token: AccessToken | None = call.person.tokens.filter(revoked_at=None, pk=call.key()).first()
    if token is None:
        raise Http404
    return token


def _require_held(held: Sequence[str], wanted: Sequence[str]) -> None:
    """Refuse to hand out what the asking token does not hold itself."""
    beyond = [scope for scope in in_full(wanted) if not permits(held, scope)]
    if beyond:
        raise NotAllowed(
            _("This token does not hold “%(scope)s” itself, so it can give it to no other.") % {"scope": beyond[0][:80]}
        )


def _shown_once(token: AccessToken, text: str, status: int) -> HttpResponse:
    """No Idempotency-Key keeps this answer, for only the digest of a token is kept."""
    return JsonResponse({**_told(token), "token": text}, status=status, headers={"Cache-Control": "no-store"})


def _told(token: AccessToken) -> dict[str, Any]:
    moments = {name: getattr(token, name) for name in ("made_at", "expires_at", "last_used_at")}
    return {
        "key": token.pk, "name": token.name, "prefix": token.prefix, "scopes": list(in_full(token.scopes)),
        "calls_per_minute": token.calls_per_minute,
        **{name: moment_text(at) if at is not None else None for name, at in moments.items()},
    }  # fmt: skip


TOKENS = Endpoint("my_tokens", "get", "tokens", tokens, "List my tokens", tells=list[TokenTold], scope="admin")
MAKE = Endpoint(
    "make_token", "post", "tokens", make, "Make a token", takes=TokenGiven, tells=TokenMade, status=201, scope="admin",
    description="Makes a token of the person who calls; it holds at most the scopes of the token that asks.",
)  # fmt: skip
ROTATE = Endpoint(
    "rotate_token", "post", "tokens/{key}/rotate", rotate, "Rotate a token", takes=RotateGiven, tells=TokenMade,
    scope="admin", description="Gives a token a new text; the former one is good for a while beside it.",
)  # fmt: skip
REVOKE = Endpoint(
    "revoke_token", "delete", "tokens/{key}", revoke, "Revoke a token", status=204, scope="admin",
)  # fmt: skip
