"""What a token may be used for: reading or writing one kind of record, all kinds, or administering."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from gnomon.records.kinds import kind_named, kinds
from gnomon.records.refusals import NotAllowed

EVERYTHING = "*"
VERBS = ("read", "write")
ADMIN = "admin"
# Tokens made before kinds could be told apart hold these words.
_SHORT = {verb: f"{EVERYTHING}:{verb}" for verb in VERBS}


class ScopeMissing(NotAllowed):
    """The token is good, and not for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(_("This token has no scope “%(scope)s”. Make one that has it.") % {"scope": scope})
        self.scope = scope


def require_scope(scopes: Iterable[str], needed: str) -> None:
    """Refuse with a sentence when a token with these scopes may not do what `needed` names."""
    if not permits(scopes, needed):
        raise ScopeMissing(needed)


def permits(scopes: Iterable[str], needed: str) -> bool:
    """Whether a token with these scopes may do what `needed` names, as `incident:write`."""
    held = {_SHORT.get(scope, scope) for scope in scopes}
    return needed == "" or needed in held or f"{EVERYTHING}:{needed.rpartition(':')[2]}" in held


def in_full(scopes: Sequence[str]) -> list[str]:
    """The scopes written in full, each once."""
    return list(dict.fromkeys(_SHORT.get(scope, scope) for scope in scopes))


def unknown_scopes(scopes: Sequence[str]) -> list[str]:
    """Those that are none."""
    known = {f"{kind.name}:{verb}" for kind in kinds() for verb in VERBS} | {*_SHORT, *_SHORT.values(), ADMIN}
    return [str(scope) for scope in scopes if scope not in known]


def scope_title(scope: str) -> str:
    """A scope in words."""
    scope = _SHORT.get(scope, scope)
    if scope == ADMIN:
        return _("administer tokens and webhooks")
    name, _colon, verb = scope.partition(":")
    says = {"read": _("read"), "write": _("write")}.get(verb, verb)
    if name == EVERYTHING:
        return says
    try:
        return f"{kind_named(name).plural}: {says}"
    except LookupError:
        return scope
