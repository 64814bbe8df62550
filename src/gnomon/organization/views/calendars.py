"""Service hours with their week and days, and days from an iCalendar file (8.3.3)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gnomon.calendars.calendar import Calendar
from gnomon.calendars.ical import Feed, read_feed
from gnomon.calendars.refusals import CalendarFault
from gnomon.organization.hours_shown import shown_hours
from gnomon.organization.kinds import WORK_CALENDAR
from gnomon.organization.models import WorkCalendar
from gnomon.records import actions, permissions
from gnomon.records.permissions import may
from gnomon.records.refusals import InvalidFacts, StaleRecord
from gnomon.records.views.finding import expected, found, person_of
from gnomon.records.views.page import record_page
from gnomon.ui.render import render

LARGEST = 1_000_000


def calendar_page(request: HttpRequest, number: str) -> HttpResponse:
    """The generic page, with the week, the days of each year, and a question to ask."""
    record = found(request, WORK_CALENDAR, number)
    assert isinstance(record, WorkCalendar)
    feed = f"{record.get_absolute_url()}/feed" if may(person_of(request), "change", WORK_CALENDAR) else ""
    hours = shown_hours(record, request.GET.get("moment", "").replace("\x00", "")[:40])
    return record_page(request, WORK_CALENDAR, number, "organization/calendar_page.html", hours=hours, feed_url=feed)


def feed_page(request: HttpRequest, number: str) -> HttpResponse:
    """What an iCalendar file says of whole days; with `sure` it goes into the hours."""
    record, person = found(request, WORK_CALENDAR, number), person_of(request)
    assert isinstance(record, WorkCalendar)
    permissions.require(person, "change", WORK_CALENDAR)
    error, told, raw = "", None, b""
    if request.method == "POST":
        try:
            raw = _sent(request)
            calendar = Calendar.from_definition(record.hours)
            feed = read_feed(raw, time_zone=calendar.time_zone)
            told = _told(calendar, feed)
            if "sure" in request.POST:
                filled = calendar.with_dates(closed=feed.closed, open=feed.open).definition()
                actions.change(
                    record, by=person, expect=expected(request), because=_("From a calendar file."), hours=filled
                )
                messages.success(request, _("The days are in the service hours."))
                return redirect(record)
        except CalendarFault as fault:
            error = _(fault.template) % fault.facts
        except (InvalidFacts, StaleRecord) as refused:
            error = refused.says
            record.refresh_from_db()
    return render(
        request, "organization/calendar_feed.html", record=record, found=told, error=error,
        content=base64.b64encode(raw).decode() if told else "", status=422 if error else 200,
    )  # fmt: skip


def _sent(request: HttpRequest) -> bytes:
    """The bytes of the file that came along, or that was shown before."""
    upload = request.FILES.get("file")
    try:
        raw = upload.read(LARGEST + 1) if upload else base64.b64decode(request.POST.get("content", ""), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw or len(raw) > LARGEST:
        says = _("Choose a calendar file of at most one megabyte.")
        raise InvalidFacts(says, {"file": says})
    return bytes(raw)


def _told(calendar: Calendar, feed: Feed) -> dict[str, Any]:
    """The days that would be new, in their order, with the names that the file gives them."""
    opened = dict(calendar.open)
    days = [(day, _("rest day")) for day in feed.closed if day not in calendar.closed or day in opened]
    days += [(day, _("made up")) for day, hours in feed.open.items() if day not in opened or opened[day] != hours]
    return {
        "days": [(day, what, feed.names.get(day, "")) for day, what in sorted(days)],
        "ignored": [_(one.template) % one.facts for one in feed.ignored],
    }  # fmt: skip
