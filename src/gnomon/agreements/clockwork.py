"""What agreements do on a schedule."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.agreements import thresholds
from gnomon.standard.plugs import Job


def look_for_thresholds() -> None:
    thresholds.sweep()


LOOK_FOR_THRESHOLDS = Job(
    "agreements:look_for_thresholds",
    look_for_thresholds,
    every=timedelta(seconds=30),
    title=_("Look for thresholds of clocks"),
)

TELL_THRESHOLD = Job(thresholds.TELL, thresholds.tell, title=_("Act on a threshold of a clock"))
