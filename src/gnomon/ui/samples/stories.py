"""A list, a timeline and a clock with its history."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from gnomon.ui.samples.values import HOUR, clocks, priorities, statuses
from gnomon.ui.samples.words import sample
from gnomon.ui.tables import Chip, Column, Cursors, Option, Row
from gnomon.ui.timeline import Change, ClockStory, Entry, Stretch
from gnomon.ui.values import TimeLeft, Who


def story(now: datetime) -> ClockStory:
    return ClockStory(
        sample("Resolution"),
        TimeLeft("running", 2 * HOUR, 0.78, now + 2 * HOUR, ticks=True),
        sample("SLA-000004, version 3"),
        "#",
        [
            Stretch("running", now - 4 * HOUR, now - 3 * HOUR, HOUR, sample("opened")),
            Stretch("paused", now - 3 * HOUR, now - 2 * HOUR, timedelta(0), sample("waiting for an answer")),
            Stretch("running", now - 2 * HOUR, None, 2 * HOUR, sample("answered")),
        ],
        3 * HOUR,
        5 * HOUR,
    )


def entries(now: datetime, people: list[Who]) -> list[Entry]:
    alice, bob, wang = people
    waiting, opened = statuses()[1], statuses()[0]
    return [
        Entry("note", bob, now - HOUR / 4, sample("wrote an internal note"),
              text=sample("The second node answers again.")),
        Entry("move", bob, now - HOUR, sample("took it up again"), [Change(sample("Status"), waiting, opened)],
              because=sample("The trace that we asked for has come.")),
        Entry("comment", wang, now - HOUR * 1.2, sample("replied"), text=sample("Here is the trace.")),
        Entry("change", alice, now - 2 * HOUR, sample("changed the facts"),
              [Change(sample("Priority"), priorities()[1], priorities()[0])], told_at=now - HOUR,
              deviation=sample("The workflow in force knows no such step.")),
        Entry("clock", Who(sample("System"), kind="system"), now - 3 * HOUR, sample("Half of the time is used")),
        Entry("recorded", wang, now - 4 * HOUR, sample("recorded it")),
    ]  # fmt: skip


def table(now: datetime, people: list[Who]) -> dict[str, Any]:
    columns = [
        Column("number", sample("Number"), sortable=True),
        Column("title", sample("Title"), sortable=True, main=True),
        Column("status", sample("Status"), sortable=True, sorted="ascending"),
        Column("priority", sample("Priority")),
        Column("clock", sample("Time left")),
        Column("owner", sample("Owner"), narrow=False),
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
                    sample("The gateway refuses large attachments"),
                    "打印机打出空白页",
                    "<b>" + sample("Markup stays text") + "</b>",
                    sample("A certificate expires tonight"),
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
        "chips": [Chip(sample("Team"), sample("Network"), "?"), Chip(sample("Status"), sample("Open"), "?")],
        "clear_url": "?",
        "bulk": [Option("assign", sample("Assign"), icon="user"), Option("close", sample("Close"), icon="check")],
        "bulk_url": "#",
    }
