"""Single values of every type that `show` draws."""

from __future__ import annotations

from datetime import datetime, timedelta

from gnomon.ui.samples.words import sample
from gnomon.ui.timeline import Fact
from gnomon.ui.values import LongText, Priority, Ref, Share, Status, Tag, TimeLeft, Verdict

HOUR = timedelta(hours=1)


def statuses() -> list[Status]:
    return [
        Status(sample("Open"), "open"),
        Status(sample("Waiting"), "waiting"),
        Status(sample("Resolved"), "resolved"),
        Status(sample("Closed"), "closed"),
    ]


def priorities() -> list[Priority]:
    words = (sample("Critical"), sample("High"), sample("Moderate"), sample("Low"))
    return [Priority(level, title) for level, title in enumerate(words, start=1)]


def verdicts() -> list[Verdict]:
    return [
        Verdict("conforming"), Verdict("observation"), Verdict("nonconforming"), Verdict("undetermined"),
        Verdict("not_applicable"), Verdict("not_checked"), Verdict("error"),
    ]  # fmt: skip


def clocks(now: datetime) -> list[TimeLeft]:
    return [
        TimeLeft("running", 2 * HOUR + timedelta(minutes=10), 0.46, now + 2 * HOUR, ticks=True),
        TimeLeft("running", timedelta(minutes=36), 0.8, now + HOUR, ticks=True),
        TimeLeft("running", timedelta(minutes=12), 0.94, now, ticks=True),
        TimeLeft("running", -3 * HOUR, 1.4, now - 3 * HOUR, now - 3 * HOUR),
        TimeLeft("paused", 5 * HOUR, 0.3),
        TimeLeft("met", HOUR, 0.6),
        TimeLeft("missed", -3 * HOUR, 1.5),
        TimeLeft("none"),
    ]


def values(now: datetime) -> list[Fact]:
    return [
        Fact(sample("Text"), "<script>alert(1)</script>"),
        Fact(sample("Number"), 141_712),
        Fact(sample("Moment"), now - 3 * HOUR),
        Fact(sample("Duration"), timedelta(days=1, hours=4)),
        Fact(sample("Yes or no"), True),
        Fact(sample("Nothing"), None),
        Fact(sample("Record"), Ref("SVC-000012", sample("A service"), "#")),
        Fact(sample("Share"), Share(0.6342, 15803, 24918)),
        Fact(sample("Several"), [Tag(sample("one")), Tag(sample("two"))]),
        Fact(sample("Prose"), LongText(sample("A line.\nAnother, with https://example.org in it."))),
    ]
