"""What people are told of, as they choose it in their settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Says

Mode = Literal["at_once", "digest", "never"]


@dataclass(frozen=True, slots=True)
class Topic:
    """A sort of messages; `staff` is how staff are told of it outside of the interface until they choose."""

    name: str
    title: Says
    staff: Mode = "never"
    requesters: bool = False


TOPICS: Final = (
    Topic("progress", _("What becomes of my reports"), staff="at_once", requesters=True),
    Topic("answer", _("My answer is needed"), staff="at_once", requesters=True),
    Topic("comment", _("Somebody wrote about a record of mine"), requesters=True),
    Topic("assigned", _("A record is assigned to me"), staff="at_once"),
    Topic("team", _("A record waits for my team")),
    Topic("followed", _("A record that I follow moves on"), requesters=True),
    Topic("mention", _("Somebody mentions me"), staff="at_once"),
    Topic("escalation", _("A record is escalated to me"), staff="at_once"),
    Topic("major", _("A major incident"), staff="at_once", requesters=True),
    Topic("other", _("All else")),
)
_BY_NAME = {topic.name: topic for topic in TOPICS}


def topic_of(what: str) -> Topic:
    """The topic that `what` begins with, as `major` of `major.published`; one that nobody knows is “all else”."""
    return _BY_NAME.get(what.partition(".")[0]) or _BY_NAME["other"]
