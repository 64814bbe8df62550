"""REST of the time that people spend on a record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from pydantic import Field

from gnomon.records.actions.spending import spend, take_time_back
from gnomon.records.endpoints import EVERY_KIND, Call, Endpoint, Given
from gnomon.records.permissions import may
from gnomon.records.queries.spending import time_spent
from gnomon.records.refusals import InvalidFacts


class TimeGiven(Given):
    minutes: int = Field(description="whole minutes, 1 to 1440")
    on: str = Field(default="", max_length=10, description="the day, as 2026-01-05; today when left out")
    text: str = Field(default="", max_length=1000, description="what was done")


def list_time(call: Call) -> dict[str, Any]:
    """Entries of time, newest first, and their sum; among staff."""
    _among_staff(call)
    entries = time_spent(call.record)
    return {
        "minutes": sum(one.minutes for one in entries),
        "entries": [
            {"version": one.version, "person": one.person, "minutes": one.minutes, "on": one.on.isoformat(),
             "text": one.text, "counters": one.counters}
            for one in entries
        ],
    }  # fmt: skip


def tell_time(call: Call) -> dict[str, Any]:
    """Time that whoever calls spent."""
    _among_staff(call)
    entry = spend(
        call.record, call.given["minutes"], by=call.person, on=_day(call.given.get("on", "")),
        text=call.given.get("text", ""),
    )  # fmt: skip
    return {"version": entry.version, "minutes": call.given["minutes"]}


def take_back(call: Call) -> dict[str, Any]:
    """Counter an entry of time, by its version."""
    _among_staff(call)
    text = call.place["version"]
    entry = take_time_back(call.record, int(text) if text.isdigit() and len(text) < 10 else 0, by=call.person)
    return {"version": entry.version, "counters": int(text)}


def _among_staff(call: Call) -> None:
    if not may(call.person, "read", call.record.kind):
        raise Http404


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        says = _("“%(text)s” is no day. Write it as 2026-01-05.") % {"text": text}
        raise InvalidFacts(says, {"on": says}) from None


LIST_TIME = Endpoint("list_time", "get", "time", list_time, "Time spent", EVERY_KIND)
SPEND = Endpoint("tell_time", "post", "time", tell_time, "Tell of time spent", EVERY_KIND, takes=TimeGiven, status=201)
TAKE_BACK = Endpoint(
    "take_time_back", "post", "time/{version}/undo", take_back, "Take an entry of time back", EVERY_KIND, status=201
)
