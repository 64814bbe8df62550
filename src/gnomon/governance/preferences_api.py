"""How I am told, for programs: the same choice as in my settings (7.4)."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from gnomon.governance.channels import channels
from gnomon.governance.notices.preferences import choose, modes_of, preferences_of, topics_for
from gnomon.organization.models import WorkCalendar
from gnomon.records.endpoints import Call, Endpoint, Given
from gnomon.records.refusals import InvalidFacts

Mode = Literal["at_once", "digest", "never"]


class Topic(Schema):
    """A sort of messages, and how I am told of it by each channel."""

    topic: str
    title: str
    modes: dict[str, Mode]


class Chosen(Schema):
    """How I am told: by topic and channel, in which hours, and when the digest comes."""

    topics: list[Topic]
    working_hours: str | None = Field(description="Number of the service hours outside of which nothing is sent.")
    digest_hour: int
    channels: dict[str, bool] = Field(description="Each channel, and whether it is at work in this installation.")


class ChoiceGiven(Given):
    """What is to be otherwise; what is left out stays."""

    topics: dict[str, dict[str, Mode]] = Field(default={}, description="topic → channel → at_once, digest or never")
    working_hours: str | None = Field(default=None, description="Number of service hours; an empty text for any hour.")
    digest_hour: int | None = Field(default=None, ge=0, le=23)


def chosen(call: Call) -> dict[str, Any]:
    """How the person is told."""
    preference = preferences_of([call.person])[call.person.number]
    modes, hours = modes_of(call.person), preference.working_hours
    return {
        "topics": [
            {"topic": topic.name, "title": str(topic.title), "modes": modes[topic.name]}
            for topic in topics_for(call.person)
        ],
        "working_hours": hours.number if hours is not None else None, "digest_hour": preference.digest_hour,
        "channels": {channel.name: not channel.off() for channel in channels()},
    }  # fmt: skip


def change(call: Call) -> dict[str, Any]:
    """Choose otherwise."""
    given = call.given
    preference, modes = preferences_of([call.person])[call.person.number], modes_of(call.person)
    for topic, row in given.get("topics", {}).items():
        if topic not in modes or not set(row) <= set(modes[topic]):
            says = _("There is no topic or channel “%(name)s” here. Topics: %(topics)s. Channels: %(channels)s.") % {
                "name": topic[:40], "topics": ", ".join(modes), "channels": ", ".join(c.name for c in channels()),
            }  # fmt: skip
            raise InvalidFacts(says, {"topics": says})
        modes[topic] |= row
    hour = given.get("digest_hour")
    choose(
        call.person, choices=modes, working_hours=_hours(given.get("working_hours"), preference.working_hours),
        digest_hour=preference.digest_hour if hour is None else hour,
    )  # fmt: skip
    return chosen(call)


def _hours(number: str | None, present: WorkCalendar | None) -> WorkCalendar | None:
    if number is None:
        return present
    if number == "":
        return None
    found: WorkCalendar | None = WorkCalendar.objects.filter(status="in_use", number=number.upper()[:40]).first()
    if found is None:
        says = _("There are no service hours “%(number)s” in use.") % {"number": number[:40]}
        raise InvalidFacts(says, {"working_hours": says})
    return found


CHOSEN = Endpoint("my_notices", "get", "my-notices", chosen, "How am I told?", tells=Chosen)
CHANGE = Endpoint(
    "choose_my_notices", "patch", "my-notices", change, "Choose how I am told", takes=ChoiceGiven, tells=Chosen,
)  # fmt: skip
