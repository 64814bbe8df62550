"""What an app adds to REST beside what follows from its kinds: addresses of its own, declared in `api.py`.

Only `api.py` modules import this one: typed bodies take a second to load, which pages should not wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import ConfigDict

from gnomon.records.kinds import Kind
from gnomon.records.refusals import InvalidFacts

Method = Literal["get", "post", "put", "patch", "delete"]
EVERY_KIND = "*"


class Given(Schema):
    """A body that a client gives; names that it does not know are refused."""

    # Strict: true is no number and "1" is no 1; a client that mixes them up has a fault that it should hear of.
    model_config = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an endpoint: by whom, about which record, with what."""

    person: Any
    kind: Kind | None = None
    record: Any = None
    given: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    place: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Any, ...] = ()
    scopes: tuple[str, ...] = ()

    def number(self, name: str, usual: int, most: int) -> int:
        """A query parameter that counts: from 1 to `most`, `usual` when it is left out."""
        text = self.query.get(name, "")
        if text == "":
            return usual
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
            says = _("“%(name)s” is a number from 1 to %(most)d.") % {"name": name, "most": most}
            raise InvalidFacts(says, {name: says})
        return int(text)

    def key(self) -> int:
        """The key that the address names; Http404 when it can be none."""
        text = self.place["key"]
        if not is_key(text):
            raise Http404
        return int(text)

    def narrowing(self, beside: Container[str]) -> dict[str, list[str]]:
        """What narrows a list: all query parameters beside these, their values divided at commas."""
        return {name: value.split(",") for name, value in self.query.items() if name not in beside}


def is_key(text: str) -> bool:
    """Whether a text may be the key of a row, which a database holds in eight bytes."""
    return text.isascii() and text.isdigit() and len(text) < 18


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """An address below /api/v1.

    With a `kind` it lies below a record of that kind (`about="record"`, the number in the address, which the
    person must be permitted to know of) or below its list; `EVERY_KIND` puts it below each. Without one it
    lies below the root. `{word}` in `path` is a part of the address that `Call.place` names.

    `run` answers a record, plain data, None for no content, or a response of its own. It calls the same action as
    the page, which checks permissions and refuses in sentences. If-Match, Idempotency-Key, the token's scope
    and the shape of errors are seen to before and after. `takes` is the body, `tells` what is answered;
    `scope` is read or write of the kind, by the method when it is left out, or `admin`.
    """

    name: str
    method: Method
    path: str
    run: Callable[[Call], Any]
    summary: str
    kind: str = ""
    about: Literal["record", "list"] = "record"
    takes: type[Given] | None = None
    tells: Any = None
    status: int = 200
    description: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    scope: str = ""
    files: bool = False
    media_type: str = "application/json"

    @property
    def reads(self) -> bool:
        return self.method == "get"
