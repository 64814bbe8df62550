"""Incidents in the words of those who reported them: no trade words, nothing that is among staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.records.models import Attachment
from gnomon.records.queries.history import last_entries
from gnomon.records.queries.people import names_of
from gnomon.resolution.merging import target_of
from gnomon.resolution.models import Incident
from gnomon.resolution.models.incident import WaitingReason
from gnomon.resolution.relays import told_with
from gnomon.standard.plugs import Actor

Tone = Literal["", "accent", "ok", "warn", "danger", "info"]
MOST = 400


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a report stands, and what its reporter has to do."""

    title: str
    tone: Tone
    icon: str
    says: str
    todo: Literal["", "confirm", "answer"] = ""


def standing(incident: Incident) -> Standing:
    """The status of a report in plain language; one that was merged stands where the other one does."""
    if incident.merged_into is not None:
        other = standing(target_of(incident))
        says = _("It is dealt with together with other reports of the same fault.")
        if other.todo == "answer":
            return Standing(_("Waiting"), "accent", "hourglass", says)
        return replace(other, says=says, todo="")
    if incident.status == "waiting" and incident.waiting_reason == WaitingReason.USER:
        says = _("We need something from you before we can go on. Write it below.")
        return Standing(_("Your answer is needed"), "warn", "message", says, "answer")
    if incident.status == "resolved":
        says = _("Tell us whether it works again. If it does not, we go on at once.")
        return Standing(_("Solved, we think"), "info", "circle-check", says, "confirm")
    return {
        "new": Standing(_("Received"), "accent", "inbox", _("Your report has arrived. Somebody will take it up.")),
        "assigned": Standing(_("Passed on"), "accent", "users", _("Your report is with those who can solve it.")),
        "in_progress": Standing(_("Being worked on"), "accent", "tools", _("Somebody is working on it now.")),
        "waiting": Standing(_("Waiting"), "accent", "hourglass", _("We wait for others; you need do nothing.")),
        "closed": Standing(_("Closed"), "ok", "check", _("This is done.")),
        "merged": Standing(
            _("Dealt with together"), "accent", "users", _("Others reported the same; it is solved once.")
        ),
        "cancelled": Standing(_("Not pursued"), "", "circle-x", _("This is not worked on any further.")),
    }.get(incident.status) or Standing(incident.status_title, "", "circle", "")


@dataclass(frozen=True, slots=True)
class Said:
    """One step of the conversation: who, when, what happened in plain words, and what they said."""

    who: str
    mine: bool
    at: datetime
    title: str
    text: str = ""
    files: Sequence[Attachment] = ()


def conversation(incident: Incident, person: Actor) -> list[Said]:
    """What was said and done, oldest first, as far as it concerns who reported it."""
    entries = [entry for entry in last_entries(incident, MOST) if entry.verb.partition(":")[2] in _TOLD][::-1]
    if incident.merged_into is not None:
        answers = [entry for _other, said in told_with(incident, person) for entry in said]
        entries = sorted([*entries, *answers], key=lambda entry: entry.happened_at)
    names = names_of({entry.actor for entry in entries})
    files = {file.entry: file for file in Attachment.objects.filter(number=incident.number, internal=False)}
    told = []
    for entry in entries:
        verb, changes = entry.verb.partition(":")[2], entry.changes
        if changes.get("internal", [None, False])[1] or (verb == "attached" and entry.sequence not in files):
            continue
        if verb == "wait" and (changes.get("waiting_reason") or [None, None])[1] != WaitingReason.USER:
            continue
        title = _title(verb)
        text = ""
        if verb == "commented":
            text = str(changes["text"][1])
        elif verb == "resolve":
            text = str((changes.get("resolution") or [None, ""])[1] or "")
        elif verb == "reopen" and entry.actor == person.number:
            text = entry.because
        some = [files[entry.sequence]] if verb == "attached" else []
        mine = entry.actor == person.number
        who = _("You") if mine else names[entry.actor]
        told.append(Said(who, mine, entry.happened_at, title, text, some))
    return told


_TOLD = frozenset({"recorded", "commented", "attached", "wait", "resolve", "reopen", "close", "cancel"})


def _title(verb: str) -> str:
    return {
        "recorded": pgettext("report", "reported it"),
        "commented": pgettext("report", "wrote"),
        "attached": pgettext("report", "sent a file"),
        "wait": pgettext("report", "asked for an answer"),
        "resolve": pgettext("report", "solved it"),
        "reopen": pgettext("report", "went on with it"),
        "close": pgettext("report", "closed it"),
        "cancel": pgettext("report", "stopped work on it"),
    }[verb]
