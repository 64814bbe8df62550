"""The page of a current major incident, live for all: staff run it there, requesters read what is published (8.6.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.organization.models import Person
from gnomon.records import actions, permissions
from gnomon.records.forms import MomentInput, Prose, RecordChoice
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts
from gnomon.records.timelines import timeline
from gnomon.records.views.finding import found, is_staff, is_unchanged, person_of
from gnomon.records.watching import slot, watch
from gnomon.resolution.actions import begin_review
from gnomon.resolution.customer_notices import put_off
from gnomon.resolution.models import CustomerNotice, Incident, IncidentTask, MajorIncident
from gnomon.resolution.queries.major import text_in_words
from gnomon.resolution.showing import cells, update_left
from gnomon.ui.render import render
from gnomon.ui.values import Status, Who

PARTIALS = {"live": "resolution/_major_live.html"}
ENTRIES = 25
TOLD = ("incident:commented", "incident:declare_major", "incident:withdraw_major", "incident:run_major",
        "incident:escalate", "incident:resolve", "incident:reopen", "incident:assign", "incident:close",
        "incident:merged_in")  # fmt: skip


class UpdateForm(forms.Form):
    """Words among those who work on it."""

    def __init__(self, given: Any = None) -> None:
        super().__init__(given, auto_id="update-%s")
        self.fields["text"] = Prose(
            label=_("Internal update"), widget=forms.Textarea(attrs={"rows": 3}), max_length=100_000
        )


class TaskForm(forms.Form):
    """One more thing to do."""

    def __init__(self, given: Any, person: Any) -> None:
        super().__init__(given, auto_id="task-%s")
        self.fields["title"] = forms.CharField(label=_("Task"), max_length=300)
        self.fields["owner"] = RecordChoice(Person, person, label=_("Owner"), required=False)
        self.fields["due_at"] = MomentInput(label=_("Due at"), required=False)


class NoticeForm(forms.Form):
    """A version of the text for customers, in both languages."""

    def __init__(self, given: Any = None, initial: Any = None) -> None:
        super().__init__(given, auto_id="notice-%s", initial=initial)
        self.fields["title"] = forms.CharField(label=_("Heading for customers"), max_length=300)
        area = {"rows": 4}
        self.fields["text_en"] = Prose(label=_("Text in English"), required=False, widget=forms.Textarea(attrs=area))
        self.fields["text_zh"] = Prose(label=_("Text in Chinese"), required=False, widget=forms.Textarea(attrs=area))


def major_page(request: HttpRequest, number: str, **forms_sent: forms.Form) -> HttpResponse:
    """All about it at one glance; whoever reads no incidents but their own sees what is published alone."""
    kind = kind_named("incident")
    if not is_staff(request, kind):
        return _public_page(request, number)
    incident = found(request, kind, number, with_related=True)
    assert isinstance(incident, Incident)
    major = MajorIncident.objects.filter(incident=incident).select_related(
        "manager", "technical_lead", "communicator", "criteria", "criteria__procedure"
    ).order_by("-id").first()  # fmt: skip
    if major is None:
        raise Http404(_("There is no such page."))
    tag = _tag(request, lambda: _mark(incident, major))
    if is_unchanged(request, tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    answer = render(
        request, "resolution/major.html", partials=PARTIALS, live_url=request.path, live_tag=tag,
        status=422 if any(form.errors for form in forms_sent.values()) else 200,
        **_context(request, incident, major), **(_forms(request, incident) | forms_sent),
    )  # fmt: skip
    answer["ETag"] = tag
    return answer


@require_POST
def say(request: HttpRequest, number: str) -> HttpResponse:
    """An internal update: a word among staff on the incident, after which the next one is due later."""
    incident, person = _running(request, number), person_of(request)
    form = UpdateForm(request.POST)
    if not form.is_valid():
        return major_page(request, number, update_form=form)
    actions.comment(incident, form.cleaned_data["text"], by=person, internal=True)
    entry = LedgerEntry.objects.filter(number=incident.number, verb="incident:commented").latest("version")
    put_off(incident.pk, by=person, entry=entry)
    return redirect(f"{incident.get_absolute_url()}/major")


@require_POST
def add_task(request: HttpRequest, number: str) -> HttpResponse:
    """One more task."""
    incident, person = _running(request, number), person_of(request)
    form = TaskForm(request.POST, person)
    if not form.is_valid():
        return major_page(request, number, task_form=form)
    actions.record(kind_named("incident_task"), by=person, incident=incident, **form.cleaned_data)
    return redirect(f"{incident.get_absolute_url()}/major")


@require_POST
def move_task(request: HttpRequest, number: str) -> HttpResponse:
    """Tick a task off, or take it up again."""
    incident, person = _running(request, number), person_of(request)
    task = IncidentTask.objects.filter(incident=incident, number=request.POST.get("task", "")).first()
    if task is None or request.POST.get("move") not in {"finish", "reopen"}:
        raise Http404(_("There is no such page."))
    actions.move(task, request.POST["move"], by=person)
    return redirect(f"{incident.get_absolute_url()}/major")


@require_POST
def write_notice(request: HttpRequest, number: str) -> HttpResponse:
    """A new version of the text for customers; it is published only when that button was pressed."""
    incident, person = _running(request, number), person_of(request)
    form = NoticeForm(request.POST)
    if form.is_valid():
        try:
            _write(incident, person, form.cleaned_data, publish="publish" in request.POST)
            return redirect(f"{incident.get_absolute_url()}/major")
        except InvalidFacts as refused:
            form.add_error("text_en", refused.fields.get("text_en", refused.says))
    return major_page(request, number, notice_form=form)


@require_POST
def review(request: HttpRequest, number: str) -> HttpResponse:
    """The review with the facts filled in, ready to be written on."""
    incident = found(request, kind_named("incident"), number)
    assert isinstance(incident, Incident)
    return redirect(begin_review(incident, by=person_of(request)))


def _write(incident: Incident, person: Any, facts: dict[str, Any], *, publish: bool) -> None:
    with transaction.atomic():
        notice = actions.record(kind_named("customer_notice"), by=person, incident=incident, **facts)
        if publish:
            actions.move(notice, "publish", by=person)


def _running(request: HttpRequest, number: str) -> Incident:
    permissions.require(person_of(request), "create", kind_named("incident_task"))
    incident = found(request, kind_named("incident"), number)
    assert isinstance(incident, Incident)
    return incident


def _tag(request: HttpRequest, mark: Callable[[], str]) -> str:
    """The ETag of a page that refreshes itself: what it shows, and the minute, for clocks run on by themselves."""

    def now() -> str:
        return f"{mark()}.{slot()}"

    watch(request, lambda _request: now())
    return f'"{now()}.major"'


def _newest_notice(request: HttpRequest, number: str) -> str:
    notices: Any = CustomerNotice.objects.visible_to(person_of(request)).filter(incident__number=number.upper())
    return "-".join(map(str, notices.order_by("-id").values_list("pk", "version").first() or ()))


def _mark(incident: Incident, major: MajorIncident) -> str:
    """What the page shows, in one look at each table: versions only ever grow."""

    def sums(model: Any) -> str:
        totals = model.objects.filter(incident=incident).aggregate(n=Count("pk"), v=Sum("version"))
        return f"{totals['n']}.{totals['v'] or 0}"

    version = Incident.objects.filter(pk=incident.pk).values_list("version", flat=True).first()
    run = MajorIncident.objects.filter(pk=major.pk).values_list("version", flat=True).first()
    return f"{version}-{run}-{sums(IncidentTask)}-{sums(CustomerNotice)}"


def _context(request: HttpRequest, incident: Incident, major: MajorIncident) -> dict[str, Any]:
    person, kind = person_of(request), incident.kind
    entries = list(LedgerEntry.objects.filter(number=incident.number, verb__in=TOLD).order_by("-version")[:ENTRIES])
    notices = list(CustomerNotice.objects.filter(incident=incident).order_by("-id")[:ENTRIES])
    roles = (
        (_("Manager"), major.manager),
        (_("Technical lead"), major.technical_lead),
        (_("Communicator"), major.communicator),
    )
    return {
        "incident": incident, "major": major, "person_may": permissions.may(person, "create", major.kind),
        "state": Status(incident.status_title, str(incident.phase)), "left": update_left(major),
        "clock": cells([incident])[incident.number].get("clock"),
        "running": major.status == "declared",
        "roles": [(title, Who(who.title, who.number) if who is not None else None) for title, who in roles],
        "edit_url": f"{major.get_absolute_url()}/edit", "major_url": major.get_absolute_url(),
        "moves": [(move.title, f"{major.get_absolute_url()}/{move.name}")
                  for move in major.kind.workflow_of(major).moves_from(major.status)
                  if permissions.may_move(person, major.kind, move)],
        "tasks": _tasks(incident),
        "published": [(one, text_in_words(one)) for one in notices if one.status == "published"],
        "drafts": [one for one in notices if one.status == "drafted"],
        "versions": [one for one in notices if one.status in {"replaced", "withdrawn"}],
        "entries": timeline(kind, incident, entries, to=person, internal=True),
        "review": getattr(incident, "major_review", None),
        "may_review": permissions.may(person, "create", kind_named("major_incident_review")),
        "here": f"{incident.get_absolute_url()}/major", "incident_url": incident.get_absolute_url(),
    }  # fmt: skip


def _tasks(incident: Incident) -> list[IncidentTask]:
    """Open ones first, and of them the one that is due soonest."""
    tasks = IncidentTask.objects.filter(incident=incident).select_related("owner")
    return sorted(
        tasks, key=lambda one: (one.status != "open", one.due_at is None, one.due_at or one.recorded_at, one.pk)
    )


def _forms(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    latest = CustomerNotice.objects.filter(incident=incident).order_by("-id").first()
    known = {name: getattr(latest, name) for name in ("title", "text_en", "text_zh")} if latest is not None else None
    return {
        "update_form": UpdateForm(), "task_form": TaskForm(None, person_of(request)),
        "notice_form": NoticeForm(initial=known),
    }  # fmt: skip


def _public_page(request: HttpRequest, number: str) -> HttpResponse:
    notices: Any = CustomerNotice.objects.visible_to(person_of(request)).filter(incident__number=number.upper())
    notice = notices.order_by("-id").first()
    if notice is None:
        raise Http404(_("There is no such page."))
    tag = _tag(request, lambda: _newest_notice(request, number))
    if is_unchanged(request, tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    major = MajorIncident.objects.filter(incident=notice.incident, status="declared").first()
    answer = render(
        request, "resolution/major_public.html", partials={"live": "resolution/_major_public.html"}, notice=notice,
        text=text_in_words(notice), due=major.next_update_due_at if major is not None else None,
        over=major is None, live_url=request.path, live_tag=tag,
    )  # fmt: skip
    answer["ETag"] = tag
    return answer
