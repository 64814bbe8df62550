"""Service hours that clocks count in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.fields import HoursField
from gnomon.records.models import Record


class WorkCalendar(Record):
    """Service hours (8.3.3): weekly hours, closed days, open days and a time zone.

    `hours` is the definition of `gnomon.calendars`. Clocks pin a version, so that a change tomorrow
    leaves yesterday's times as they were.
    """

    hours = HoursField(_("hours"), default=dict)

    class Meta(Record.Meta):
        verbose_name = _("service hours")
        verbose_name_plural = _("service hours")

    def __str__(self) -> str:
        return self.title
