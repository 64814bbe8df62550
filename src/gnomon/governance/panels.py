"""Parts of pages of direction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gnomon.records.models import Record
from gnomon.records.panels import Panel
from gnomon.standard.plugs import Actor


def _what_goes(record: Record, _person: Actor) -> Mapping[str, Any] | None:
    """The way to the preview while nothing is erased; afterwards the record itself says how much was."""
    return {"record": record} if record.status in {"requested", "approved"} else None


WHAT_GOES = Panel(
    kind="erasure", name="what-goes", template="governance/_what_goes.html", context=_what_goes, place="main"
)
