"""A form that was sent without a session, kept until its writer has signed in; nothing typed is lost.

It travels in the page itself, signed, so that the server keeps no words of people it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from gnomon.records.kinds import Kind, kinds

SALT = "gnomon.web.kept"
KEPT_FOR = timedelta(days=2)
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "kept"})
_SECRET = re.compile(r"passw|secret|^present$|^again$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where a form was sent, what it said, and the names of files that could not be kept."""

    address: str
    values: Sequence[tuple[str, str]]
    files: Sequence[str] = ()

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """What a POST says; None when it says nothing, holds a password, or was sent from somebody else's page."""
        if request.method != "POST" or not sent_from_here(request):
            return None
        if "kept" in request.POST:
            return cls.read(request.POST["kept"])
        if any(_SECRET.search(name) for name in request.POST):
            return None
        values = [
            (name, str(value)) for name in request.POST if name not in NOT_KEPT for value in request.POST.getlist(name)
        ]
        files = [file.name or "" for name in request.FILES for file in request.FILES.getlist(name)]
        return cls(request.get_full_path(), values, files) if values or files else None

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The form that `written` wrote; None for anything else, and after two days."""
        try:
            told: Any = signing.loads(text, salt=SALT, max_age=KEPT_FOR)
        except signing.BadSignature:
            return None
        return cls(told[0], [(name, value) for name, value in told[1]], told[2])

    def written(self) -> str:
        """The form as text, compressed and signed."""
        return signing.dumps([self.address, list(self.values), list(self.files)], salt=SALT, compress=True)

    def shown(self) -> list[tuple[str, str]]:
        """What people typed, with the titles of its fields; the form's own bookkeeping is left out."""
        kind = self._kind()
        typed = [(name, value) for name, value in self.values if value.strip() and name != "expect"]
        return [(_title(kind, name), value) for name, value in typed]

    def _kind(self) -> Kind | None:
        path = urlsplit(self.address).path
        return next((kind for kind in kinds() if path.startswith(f"/{kind.app}/{kind.path}/")), None)


def sent_from_here(request: HttpRequest) -> bool:
    """Whether the page that sent this is ours: a stranger's page must not put words into a person's mouth."""
    origin = request.headers.get("Origin", "")
    return origin in ("", f"{request.scheme}://{request.get_host()}")


def _title(kind: Kind | None, name: str) -> str:
    if name == "because":
        return _("Because")
    if kind is not None:
        for field in kind.model._meta.concrete_fields:
            if field.name == name:
                return capfirst(str(field.verbose_name))
    return capfirst(name.replace("_", " ").replace("-", " "))
