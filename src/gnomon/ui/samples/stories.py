"""A list, a timeline and a clock with its history."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from gnomon.ui.samples.values import HOUR, clocks, priorities, statuses
from gnomon.ui.tables import Chip, Column, Cursors, Option, Row
from gnomon.ui.timeline import Change, ClockStory, Entry, Stretch
from gnomon.ui.values import TimeLeft, Who


def story(now: datetime) -> ClockStory:
    return ClockStory(
        _("Resolution"),
        TimeLeft("running", 2 * HOUR, 0.78, now + 2 * HOUR, ticks=True),
        _("SLA-000004, version 3"),
        "#",
        [
            Stretch("running", now - 4 * HOUR, now - 3 * HOUR, HOUR, _("opened")),
            Stretch("paused", now - 3 * HOUR, now - 2 * HOUR, timedelta(0), _("waiting for an answer")),
            Stretch("running", now - 2 * HOUR, None, 2 * HOUR, _("answered")),
        ],
        3 * HOUR,
        5 * HOUR,
    )


def entries(now: datetime, people: list[Who]) -> list[Entry]:
    alice, bob, wang = people
    waiting, opened = statuses()[1], statuses()[0]
    return [
        Entry("note", bob, now - HOUR / 4, _("wrote an internal note"), text=_("The second node answers again.")),
        Entry("move", bob, now - HOUR, _("took it up again"), [Change(_("Status"), waiting, opened)],
              because=_("The trace that we asked for has come.")),
        Entry("comment", wang, now - HOUR * 1.2, _("replied"), text=_("Here is the trace.")),
        Entry("change", alice, now - 2 * HOUR, _("changed the facts"),
              [Change(_("Priority"), priorities()[1], priorities()[0])], told_at=now - HOUR,
              deviation=_("The workflow in force knows no such step.")),
        Entry("clock", Who(_("System"), kind="system"), now - 3 * HOUR, _("Half of the time is used")),
        Entry("recorded", wang, now - 4 * HOUR, _("recorded it")),
    ]  # fmt: skip


def table(now: datetime, people: list[Who]) -> dict[str, Any]:
    columns = [
        Column("number", _("Number"), sortable=True),
        Column("title", _("Title"), sortable=True, main=True),
        Column("status", _("Status"), sortable=True, sorted="ascending"),
        Column("priority", _("Priority")),
        Column("clock", _("Time left")),
        Column("owner", _("Owner"), narrow=False),
    ]
    rows = [
        Row(
            f"SMP-{at:06d}",
            "#",
            [f"SMP-{at:06d}", title, statuses()[at % 4], priorities()[at % 4], clock, who],
            title=title,
            mark=str(at),
            clock=clock,
            others=[str(people[0].name)] if at == 2 else [],
        )
        for at, (title, clock, who) in enumerate(
            zip(
                [
                    _("The gateway refuses large attachments"),
                    "打印机打出空白页",
                    "<b>" + _("Markup stays text") + "</b>",
                    _("A certificate expires tonight"),
                ],
                [clocks(now)[at] for at in (0, 1, 3, 4)],
                [*people, None],
                strict=True,
            ),
            start=1,
        )
    ]
    return {
        "columns": columns,
        "rows": rows,
        "page": Cursors("", "next"),
        "total": 1284,
        "chips": [Chip(_("Team"), _("Network"), "?"), Chip(_("Status"), _("Open"), "?")],
        "clear_url": "?",
        "bulk": [Option("assign", _("Assign"), icon="user"), Option("close", _("Close"), icon="check")],
        "bulk_url": "#",
    }
