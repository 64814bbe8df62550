"""How records of a kind move: looked at, drafted, compared, put in force (8.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gnomon.jobs.models import QueuedJob
from gnomon.organization.customs import is_kind
from gnomon.organization.flows import differences, shown_workflow
from gnomon.organization.kind_fields import HIDDEN
from gnomon.organization.kinds import WORKFLOW_VERSION
from gnomon.organization.migrating import JOB, begin_migration, groups_of, refusals, require_migrating
from gnomon.organization.models import WorkflowVersion
from gnomon.organization.workflow_forms import move_rows, state_rows, table_sent
from gnomon.organization.workflow_tables import faults_of, misshapen, table_of, why_kept
from gnomon.records import actions, permissions
from gnomon.records.definitions import DRAFTED, version_in_force, workflow_from, workflow_in_force
from gnomon.records.kinds import Kind, find_record, kind_named, kinds
from gnomon.records.permissions import may, visible
from gnomon.records.refusals import InvalidFacts, MoveRefused, StaleRecord
from gnomon.records.views.finding import expected, found, may_list, person_of
from gnomon.ui.render import render
from gnomon.workflow.tables import Phase, Workflow

MOST_NUMBERS = 500


def phases() -> dict[str, str]:
    """The phases in the words of whoever reads them."""
    return {
        str(Phase.OPEN): _("Open"), str(Phase.WAITING): _("Waiting"), str(Phase.RESOLVED): _("Resolved"),
        str(Phase.CLOSED): _("Closed"),
    }  # fmt: skip


def workflows_page(request: HttpRequest) -> HttpResponse:
    """Every kind that this person may read, with the version in force."""
    person = person_of(request)
    permissions.require(person, "read", WORKFLOW_VERSION)
    drafts = {one.of_kind for one in WorkflowVersion.objects.filter(status=DRAFTED)}
    stored = {one.of_kind: one for one in WorkflowVersion.objects.filter(status="in_force")}
    lines = [
        {"kind": kind, "version": stored.get(kind.name), "drafted": kind.name in drafts}
        for kind in kinds()
        if kind.name not in HIDDEN and may(person, "read", kind)
    ]
    return render(request, "organization/workflows.html", lines=lines)


def workflow_page(request: HttpRequest, name: str) -> HttpResponse:
    """How records of a kind move now; `at` names a record, whose own version is shown with its state marked."""
    kind, person = _kind(name), person_of(request)
    may_list(request, kind)
    permissions.require(person, "read", WORKFLOW_VERSION)
    asked = request.GET.get("at", "").upper()[:40]
    at = find_record(asked) if asked else None
    if asked and (
        at is None or at.kind is not kind or not visible(kind.model.objects.filter(pk=at.pk), person).exists()
    ):
        raise Http404(_("There is no record with this number."))
    workflow = kind.workflow_of(at) if at is not None else workflow_in_force(kind)
    return render(
        request, "organization/workflow.html", kind=kind, at=at, versions=_versions(kind), workflow=workflow,
        stored=WorkflowVersion.objects.filter(of_kind=kind.name, edition=workflow.version).first(),
        shown=shown_workflow(kind, workflow, here=at.status if at is not None else ""),
        kept=[(move.title, why_kept(kind, move.name)) for move in kind.workflow.moves],
        is_old=at is not None and workflow.version != version_in_force(kind),
        new_url=f"/organization/workflow-versions/new?of_kind={kind.name}"
        if may(person, "create", WORKFLOW_VERSION) and is_kind(name) else "",
    )  # fmt: skip


def _versions(kind: Kind) -> list[WorkflowVersion]:
    return list(WorkflowVersion.objects.filter(of_kind=kind.name).order_by("-edition"))


def _kind(name: str) -> Kind:
    try:
        return kind_named(name)
    except LookupError:
        raise Http404(_("There is no such page.")) from None


class NewVersionForm(forms.Form):
    """The kind, a name, and what to begin from."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = WorkflowVersion._meta.get_field("of_kind")
        self.fields["of_kind"] = field.formfield(label=_("Kind of record"))
        self.fields["title"] = forms.CharField(
            label=_("Title"),
            max_length=300,
            help_text=_("What is different, for example: incidents wait at the vendor."),
        )
        begun = WorkflowVersion.objects.order_by("of_kind", "-edition")
        self.fields["begin"] = forms.ChoiceField(
            label=_("Begin from"), required=False,
            choices=[("", _("the version in force")), ("0", _("what Gnomon came with")),
                     *((one.number, f"{one.number} {one.title}") for one in begun)],
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        source = WorkflowVersion.objects.filter(number=cleaned.get("begin", "")).first()
        if source is not None and source.of_kind != cleaned.get("of_kind"):
            self.add_error("begin", _("That version is of another kind."))
        return cleaned

    def table(self) -> dict[str, Any]:
        """What the new version begins as."""
        kind, begin = kind_named(self.cleaned_data["of_kind"]), self.cleaned_data["begin"]
        source = WorkflowVersion.objects.filter(number=begin).first()
        whole = source.table if source else table_of(kind.workflow if begin == "0" else workflow_in_force(kind))
        return bare(whole)


def bare(table: Mapping[str, Any]) -> dict[str, Any]:
    """Only the states and the moves."""
    return {"states": table["states"], "moves": table["moves"]}


def new_version(request: HttpRequest) -> HttpResponse:
    """A draft of another version."""
    person = person_of(request)
    permissions.require(person, "create", WORKFLOW_VERSION)
    form = NewVersionForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if form.is_valid():
        try:
            given = {name: form.cleaned_data[name] for name in ("title", "of_kind")}
            made = actions.record(WORKFLOW_VERSION, by=person, table=form.table(), **given)
            return redirect(f"{made.get_absolute_url()}/edit")
        except InvalidFacts as refused:
            form.add_error(None, refused.says)
    return render(request, "organization/version_new.html", form=form, status=422 if form.errors else 200)


def edit_version(request: HttpRequest, number: str) -> HttpResponse:
    """The states and moves of a draft as a table of inputs; checked and drawn as it is filled."""
    record, person = found(request, WORKFLOW_VERSION, number), person_of(request)
    assert isinstance(record, WorkflowVersion)
    permissions.require(person, "change", WORKFLOW_VERSION)
    if record.status != DRAFTED:
        raise MoveRefused(_("Records live by this version, so it does not change. Make a new version from it."))
    kind = kind_named(record.of_kind)
    sent = request.method == "POST"
    table = table_sent(request.POST) if sent else bare(record.table)
    title = request.POST.get("title", "").strip()[:300] if sent else record.title
    error, status = "", 200
    if sent and "save" in request.POST:
        try:
            actions.change(
                record,
                by=person,
                expect=expected(request),
                because=request.POST.get("because", ""),
                title=title,
                table=table,
            )
            return redirect(record)
        except InvalidFacts as refused:
            error, status = refused.says, 422
        except StaleRecord as stale:
            record.refresh_from_db()
            error, status = f"{stale.says} {_('What you typed is below; saving it again replaces theirs.')}", 409
    return _editor(request, kind, record, table, title=title, error=error, status=status)


def _editor(
    request: HttpRequest, kind: Kind, record: WorkflowVersion, table: dict[str, Any], *, title: str, error: str, status: int
) -> HttpResponse:  # fmt: skip
    present = workflow_in_force(kind)
    mine = _read(kind, table)
    stored = _read(kind, bare(record.table))
    return render(
        request, "organization/version_edit.html", partials={"verdict": "organization/_verdict.html"}, record=record,
        kind=kind, states=state_rows(kind, table, phases()), moves=move_rows(kind, table), title_given=title, error=error,
        faults=faults_of(kind, table), shown=shown_workflow(kind, mine, beside=present) if mine is not None else None,
        theirs=differences(kind, mine, stored) if status == 409 and mine is not None and stored is not None else [],
        because=request.POST.get("because", ""), expect=record.version if status != 422 else expected(request),
        status=status,
    )  # fmt: skip


def _read(kind: Kind, table: Mapping[str, Any]) -> Workflow | None:
    """The workflow of a table that can be drawn: every move leads from somewhere to somewhere."""
    if misshapen(table) or not table["states"]:
        return None
    return workflow_from({"name": kind.name, "version": 0, **table})


def migrate_records(request: HttpRequest, number: str) -> HttpResponse:
    """Let older records live by the version in force: where they stand, where they go, and who would be refused."""
    record, person = found(request, WORKFLOW_VERSION, number), person_of(request)
    assert isinstance(record, WorkflowVersion)
    require_migrating(record, person)
    groups, error, status = groups_of(record), "", 200
    because = request.POST.get("because", "")
    states = {
        f"{group.edition}-{group.state.name}": request.POST[group.name]
        for group in groups
        if request.POST.get(group.name)
    }
    if request.method == "POST":
        numbers = tuple(request.POST.get("numbers", "").upper().replace(",", " ").split())[:MOST_NUMBERS]
        try:
            begin_migration(record, states, by=person, because=because, numbers=numbers)
            return redirect(request.path)
        except InvalidFacts as refused:
            error, status = refused.says, 422
    return render(
        request, "organization/version_migrate.html", record=record, kind=kind_named(record.of_kind), groups=groups,
        refused=refusals(record, states, by=person), older=sum(group.count for group in groups), error=error,
        waiting=QueuedJob.objects.filter(name=JOB, state__in=("waiting", "running"), facts__number=record.number).exists(),
        because=because, status=status,
    )  # fmt: skip
