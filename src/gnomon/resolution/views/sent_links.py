"""What requesters do by a link that was sent to them: look and reply, confirm or reject, rate. No sign-in."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gnomon.governance.links import OpenedLink
from gnomon.records import actions
from gnomon.records.refusals import Refused
from gnomon.resolution.models import Incident
from gnomon.resolution.ratings import may_rate, rate
from gnomon.resolution.views.portal_report import RateForm, RejectForm, ReplyForm, answered, shown
from gnomon.ui.render import render


def view_by_link(request: HttpRequest, link: OpenedLink) -> HttpResponse:
    """The report as its requester sees it, with a place to answer."""
    incident = _incident(link)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and answered(form, incident, request, link.actor):
            return _done(request, link, _("Your answer has arrived."))
        status = 422
    return render(
        request, "resolution/portal/link_view.html", link=link, by_link=True, status=status,
        **shown(incident, link.actor, reply_form=form),
    )  # fmt: skip


def confirm_by_link(request: HttpRequest, link: OpenedLink) -> HttpResponse:
    """It works again, or it does not, and why."""
    incident, form = _incident(link), RejectForm(request.POST if "reject" in request.POST else None)
    if incident.status != "resolved":
        return _done(request, link, _("There is nothing to confirm any more: the report has moved on."))
    if request.method == "POST" and "confirm" in request.POST:
        return _carried(request, link, "close", "", _("Thank you. The report is closed."))
    if form.is_bound and form.is_valid():
        because = form.cleaned_data["because"]
        return _carried(request, link, "reopen", because, _("Thank you. We go on with it."))
    return render(
        request, "resolution/portal/link_confirm.html", link=link, incident=incident, form=form,
        status=422 if form.errors else 200,
    )  # fmt: skip


def rate_by_link(request: HttpRequest, link: OpenedLink) -> HttpResponse:
    """How it went, from one to five."""
    incident, form = _incident(link), RateForm(request.POST if request.method == "POST" else None)
    if not may_rate(incident, link.actor):
        return _done(request, link, _("There is nothing to rate: the report goes on, or it was rated before."))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        with transaction.atomic():
            if link.use():
                rate(incident, link.person, given["score"], given["comment"], by=link.actor)
        return _done(request, link, _("Thank you. What you said is kept with the report."))
    return render(
        request, "resolution/portal/link_rate.html", link=link, incident=incident, form=form,
        status=422 if form.errors else 200,
    )  # fmt: skip


def _carried(request: HttpRequest, link: OpenedLink, move: str, because: str, says: str) -> HttpResponse:
    """Spend the link and take the move, both or neither."""
    try:
        with transaction.atomic():
            if link.use():
                actions.move(link.record, move, by=link.actor, because=because)
    except Refused as refused:
        return _done(request, link, refused.says)
    return _done(request, link, says)


def _done(request: HttpRequest, link: OpenedLink, says: str) -> HttpResponse:
    return render(request, "resolution/portal/link_done.html", link=link, incident=link.record, says=says)


def _incident(link: OpenedLink) -> Incident:
    assert isinstance(link.record, Incident)
    return link.record
