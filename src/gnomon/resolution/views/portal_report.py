"""One report of mine: where it stands, what was said, and what I can do about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gnomon.records import actions
from gnomon.records.models import Record
from gnomon.records.refusals import InvalidFacts, Refused
from gnomon.records.views.finding import is_unchanged, person_of
from gnomon.records.views.writing import put_errors
from gnomon.records.watching import slot
from gnomon.resolution.models import Incident, SatisfactionRating
from gnomon.resolution.plain_words import conversation, standing
from gnomon.resolution.ratings import may_rate, rate
from gnomon.standard.plugs import Actor
from gnomon.ui.render import render


class ReplyForm(forms.Form):
    """More words, or a picture."""

    text = forms.CharField(required=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["text"].label = _("Your answer")


class RejectForm(forms.Form):
    """What is still wrong."""

    because = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["because"].label = _("What is still wrong?")


class RateForm(forms.Form):
    """From one to five, with a word if one likes."""

    score = forms.TypedChoiceField(coerce=int, choices=SatisfactionRating.Score.choices, widget=forms.RadioSelect)
    comment = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["score"].label = _("How did it go?")
        self.fields["comment"].label = _("What should we know?")


def mine(request: HttpRequest, number: str) -> Incident:
    """A report that this person may see in the portal, or 404."""
    incident = Incident.objects.visible_to(person_of(request)).select_related("service", "requester")
    found: Incident | None = incident.filter(number=number.upper()).first()
    if found is None:
        raise Http404(_("There is no such page."))
    return found


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Where my report stands."""
    incident = mine(request, number)
    tag = _tag(incident)
    if is_unchanged(request, tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    answer = page(request, incident)
    answer["ETag"] = tag
    return answer


def page(request: HttpRequest, incident: Incident, status: int = 200, **given: forms.Form) -> HttpResponse:
    """The page of a report, with forms that were refused in place of empty ones."""
    person = person_of(request)
    return render(
        request, "resolution/portal/report.html", partials={"live": "resolution/portal/_report.html"}, status=status,
        live_url=f"/portal/reports/{incident.number}", live_tag=_tag(incident),
        **shown(incident, person, **given),
    )  # fmt: skip


def _tag(incident: Incident) -> str:
    return f'"{incident.number}-{incident.version}.{slot()}"'


def shown(incident: Incident, person: Actor, **given: forms.Form) -> dict[str, Any]:
    """What the page of a report shows to this person."""
    own = incident.requester is not None and incident.requester.number == person.number
    return {
        "incident": incident, "standing": standing(incident), "said": conversation(incident, person), "own": own,
        "may_rate": may_rate(incident, person), "may_reopen": own and incident.status in ("resolved", "closed"),
        "rating": _rating(incident, person), "reply_form": ReplyForm(), "reject_form": RejectForm(),
        "rate_form": RateForm(), **given,
    }  # fmt: skip


def _rating(incident: Incident, person: Actor) -> SatisfactionRating | None:
    answered = SatisfactionRating.objects.filter(incident=incident, requester__number=person.number, status="answered")
    return answered.first()


@require_POST
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Say more about my report."""
    incident = mine(request, number)
    form = ReplyForm(request.POST)
    if form.is_valid() and answered(form, incident, request, person_of(request)):
        return redirect("portal-report", incident.number)
    return page(request, incident, 422, reply_form=form)


def answered(form: ReplyForm, incident: Incident, request: HttpRequest, by: Actor) -> bool:
    """Keep the words and files of a reply, all of them or none."""
    uploads = request.FILES.getlist("file")
    try:
        with transaction.atomic():
            for upload in uploads:
                actions.attach(incident, upload, by=by)
            if form.cleaned_data["text"].strip() or not uploads:
                actions.comment(incident, form.cleaned_data["text"], by=by)
    except InvalidFacts as refused:
        put_errors(form, refused)
        return False
    return True


@require_POST
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """It works again."""
    incident = _own(request, number)
    moved(request, incident, "close", person_of(request))
    return redirect("portal-report", incident.number)


@require_POST
def reject(request: HttpRequest, number: str) -> HttpResponse:
    """It does not work yet, and why."""
    incident, form = _own(request, number), RejectForm(request.POST)
    if not form.is_valid():
        return page(request, incident, 422, reject_form=form)
    moved(request, incident, "reopen", person_of(request), form.cleaned_data["because"])
    return redirect("portal-report", incident.number)


@require_POST
def rate_report(request: HttpRequest, number: str) -> HttpResponse:
    """How it went."""
    incident, form = _own(request, number), RateForm(request.POST)
    if not form.is_valid():
        return page(request, incident, 422, rate_form=form)
    rate(incident, incident.requester, form.cleaned_data["score"], form.cleaned_data["comment"], by=person_of(request))
    messages.success(request, _("Thank you. What you said is kept with the report."))
    return redirect("portal-report", incident.number)


def _own(request: HttpRequest, number: str) -> Incident:
    """A report whose requester this person is; who only follows it decides nothing about it."""
    incident = mine(request, number)
    if incident.requester is None or incident.requester.number != person_of(request).number:
        raise Http404(_("There is no such page."))
    return incident


def moved(request: HttpRequest, record: Record, move: str, by: Actor, because: str = "") -> bool:
    """Take the move; when it is too late for it, say so."""
    try:
        actions.move(record, move, by=by, because=because)
    except Refused as refused:
        messages.error(request, refused.says)
        return False
    says = {
        "close": _("Thank you. The report is closed."),
        "reopen": _("Thank you. We go on with it."),
    }
    messages.success(request, says[move])
    return True
