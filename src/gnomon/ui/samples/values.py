"""Single values of every type that `show` draws."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from gnomon.ui.timeline import Fact
from gnomon.ui.values import LongText, Priority, Ref, Share, Status, Tag, TimeLeft, Verdict

HOUR = timedelta(hours=1)


def statuses() -> list[Status]:
    return [
        Status(_("Open"), "open"),
        Status(_("Waiting"), "waiting"),
        Status(_("Resolved"), "resolved"),
        Status(_("Closed"), "closed"),
    ]


def priorities() -> list[Priority]:
    return [Priority(1, _("Critical")), Priority(2, _("High")), Priority(3, _("Moderate")), Priority(4, _("Low"))]


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
        Fact(_("Text"), "<script>alert(1)</script>"),
        Fact(_("Number"), 141_712),
        Fact(_("Moment"), now - 3 * HOUR),
        Fact(_("Duration"), timedelta(days=1, hours=4)),
        Fact(_("Yes or no"), True),
        Fact(_("Nothing"), None),
        Fact(_("Record"), Ref("SVC-000012", _("A service"), "#")),
        Fact(_("Share"), Share(0.6342, 15803, 24918)),
        Fact(_("Several"), [Tag(_("one")), Tag(_("two"))]),
        Fact(_("Prose"), LongText(_("A line.\nAnother, with https://example.org in it."))),
    ]
