"""Comments on a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from gnomon.records import actions
from gnomon.records.actions.about import LONGEST_COMMENT
from gnomon.records.api.paging import PARAMETERS, among_staff, paged
from gnomon.records.endpoints import EVERY_KIND, Call, Endpoint, Given
from gnomon.records.facts import moment_text
from gnomon.records.models import Comment
from gnomon.records.permissions import may
from gnomon.records.refusals import InvalidFacts


class CommentGiven(Given):
    text: str = Field(max_length=LONGEST_COMMENT, examples=["Rang her; she tries again after lunch."])
    internal: bool = Field(default=False, description="For staff only.")


class CommentTold(Schema):
    id: int
    number: str = Field(description="The record that it is about.")
    text: str
    internal: bool
    by: str
    happened_at: str


class CommentPage(Schema):
    comments: list[CommentTold]
    next: str | None


def comments(call: Call) -> dict[str, Any]:
    """What was said, oldest first; what is said among staff only to them."""
    said = Comment.objects.filter(number=call.record.number)
    return paged(call, "comments", said if among_staff(call) else said.filter(internal=False), _tell)


def comment(call: Call) -> dict[str, Any]:
    """Say something about the record."""
    return _tell(actions.comment(call.record, by=call.person, **what_is_said(call.record, call.given, by=call.person)))


def what_is_said(record: Any, given: Mapping[str, Any], *, by: Any) -> dict[str, Any]:
    """The words that were given (`text`, `internal`), which only staff may keep among staff."""
    internal = given.get("internal", False)
    if internal and not may(by, "read", record.kind):
        says = _("Words among staff are theirs to say. Leave “internal” out.")
        raise InvalidFacts(says, {"internal": says})
    return {"text": given["text"], "internal": internal}


def _tell(said: Comment) -> dict[str, Any]:
    return {
        "id": said.pk, "number": said.number, "text": said.text, "internal": said.internal, "by": said.actor,
        "happened_at": moment_text(said.happened_at),
    }  # fmt: skip


COMMENTS = Endpoint(
    "comments_of", "get", "comments", comments, "Read the comments", kind=EVERY_KIND, tells=CommentPage,
    parameters=PARAMETERS, description="What was said about the record, oldest first.",
)  # fmt: skip
COMMENT = Endpoint(
    "comment", "post", "comments", comment, "Comment", kind=EVERY_KIND, takes=CommentGiven, tells=CommentTold,
    status=201, description="Says something about the record; ETag is the version that the record has now.",
)  # fmt: skip
