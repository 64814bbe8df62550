"""Who is told what of incidents (8.6.1): requesters in their words, those who work on them in theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext_lazy as _

from gnomon.jobs.questions import Question
from gnomon.organization.queries.people import numbers_of_members
from gnomon.records.models import LedgerEntry, Participant, Record
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Notice

FOLLOWING = ("watcher",)
_FOLLOWERS = Question(
    lambda number: Participant.objects.filter(number=number, part__in=FOLLOWING).values_list("person")
)
PORTAL = "/portal/reports/%(number)s"
Audience = Callable[[Record, LedgerEntry], Iterable[str]]


def requester(record: Record, _entry: LedgerEntry) -> list[str]:
    assert isinstance(record, Incident)
    return [record.requester.number] if record.requester is not None else []


def assignee(record: Record, _entry: LedgerEntry) -> list[str]:
    assert isinstance(record, Incident)
    return [record.assignee.number] if record.assignee is not None else []


def new_assignee(record: Record, entry: LedgerEntry) -> list[str]:
    """The assignee, when this very entry made them so."""
    return assignee(record, entry) if "assignee" in entry.changes else []


def waiting_team(record: Record, entry: LedgerEntry) -> list[str]:
    """The people of the team that this entry gave the incident to, while nobody of them has it."""
    assert isinstance(record, Incident)
    if record.assignee is not None or record.team is None or "team" not in entry.changes:
        return []
    return numbers_of_members(record.team)


def workers(record: Record, entry: LedgerEntry) -> list[str]:
    """Whoever works on it: the assignee, and while there is none the team."""
    assert isinstance(record, Incident)
    if record.assignee is not None or record.team is None:
        return assignee(record, entry)
    return numbers_of_members(record.team)


def followers(record: Record, _entry: LedgerEntry) -> list[str]:
    return [person for (person,) in _FOLLOWERS.all(number=record.number)]


def when_for(reason: str, audience: Audience) -> Audience:
    """The audience, when the incident waits for this."""

    def people(record: Record, entry: LedgerEntry) -> Iterable[str]:
        assert isinstance(record, Incident)
        return audience(record, entry) if record.waiting_reason == reason else []

    return people


def words_said(_record: Record, entry: LedgerEntry) -> str:
    return str(entry.changes["text"][1])


def solution(record: Record, _entry: LedgerEntry) -> str:
    assert isinstance(record, Incident)
    return record.resolution


def reason(_record: Record, entry: LedgerEntry) -> str:
    return entry.because


RECORDED = Notice(
    "incident",
    "recorded",
    _("We have recorded %(number)s for you: %(title)s"),
    requester,
    "progress",
    links=("view",),
    url=PORTAL,
    name="recorded",
)
ASSIGNED = Notice(
    "incident", "recorded assign escalate start changed", _("%(number)s is assigned to you: %(title)s"), new_assignee,
    "assigned", text=reason, internal=True, name="assigned",
)  # fmt: skip
FOR_TEAM = Notice(
    "incident", "recorded assign escalate changed", _("%(number)s waits for your team: %(title)s"), waiting_team,
    "team", internal=True, name="for_team",
)  # fmt: skip
ANSWERED = Notice(
    "incident", "commented", _("%(actor)s wrote about %(number)s: %(title)s"), requester, "comment", text=words_said,
    links=("view",), url=PORTAL, name="answered",
)  # fmt: skip
WORKED_ON = Notice(
    "incident", "commented", _("%(actor)s wrote about %(number)s: %(title)s"), workers, "comment", text=words_said,
    name="worked_on",
)  # fmt: skip
DISCUSSED = Notice(
    "incident", "commented", _("%(actor)s wrote about %(number)s, which you follow: %(title)s"), followers, "followed",
    text=words_said, links=("view",), name="discussed",
)  # fmt: skip
ASKED = Notice(
    "incident", "wait", _("We need your answer to go on with %(number)s: %(title)s"), when_for("user", requester),
    "answer", links=("view",), url=PORTAL, name="asked",
)  # fmt: skip
SOLVED = Notice(
    "incident", "resolve", _("Is it solved? %(number)s: %(title)s"), requester, "progress", text=solution,
    links=("confirm",), url=PORTAL, name="solved",
)  # fmt: skip
REFUSED = Notice(
    "incident", "reopen", _("%(actor)s reopened %(number)s: %(title)s"), workers, "assigned", text=reason,
    internal=True, name="refused",
)  # fmt: skip
GOES_ON = Notice(
    "incident",
    "reopen",
    _("Work on %(number)s goes on: %(title)s"),
    requester,
    "progress",
    links=("view",),
    url=PORTAL,
    name="goes_on",
)
CLOSED = Notice(
    "incident", "close", _("%(number)s is closed: %(title)s"), requester, "progress", links=("rate",), url=PORTAL, name="closed",
)  # fmt: skip
CANCELLED = Notice(
    "incident", "cancel", _("%(number)s is not worked on any further: %(title)s"), requester, "progress",
    links=("view",), url=PORTAL, name="cancelled",
)  # fmt: skip
MOVED_ON = Notice(
    "incident", "wait resolve reopen close cancel", _("%(number)s, which you follow, moved on: %(title)s"), followers,
    "followed", links=("view",), name="moved_on",
)  # fmt: skip

# Told by what is done, and not by an entry of the incident itself.
TO_MANAGER = Notice(
    "incident", "", _("%(number)s escalated to you: %(title)s"), what="escalation", internal=True, passes_on=True,
    name="to_manager",
)  # fmt: skip
REPLIED = Notice(
    "incident", "", _("A reply on %(number)s by way of %(source)s"), what="comment.merged", internal=True,
    gaps={"source": _("The merged incident")}, passes_on=True, name="replied",
)  # fmt: skip
ANSWERED_ELSEWHERE = Notice(
    "incident", "", _("An answer on your report %(number)s"), what="comment.merged", passes_on=True,
    name="answered_elsewhere",
)  # fmt: skip
MAJOR = Notice(
    "incident", "", _("Major incident %(number)s: %(situation)s"), what="major", internal=True, urgent=True,
    gaps={"situation": _("Situation")}, passes_on=True, name="major",
)  # fmt: skip
UPDATE_OVERDUE = Notice(
    "incident", "", _("The update on %(number)s is overdue: %(situation)s"), what="major.update_overdue", internal=True,
    urgent=True, gaps={"situation": _("Situation")}, name="update_overdue",
)  # fmt: skip
PUBLISHED = Notice(
    "customer_notice", "", "%(title)s", what="major.published", passes_on=True, name="published",
)  # fmt: skip
