"""Import pages: earlier runs and a new file, then one run from its dry run to its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.integrations import actions
from gnomon.integrations.forms import FileForm
from gnomon.integrations.queries import kinds_to_import, runs_of
from gnomon.organization.sign_in import signed_in
from gnomon.records.imports.refusals import ImportRefused
from gnomon.records.kinds import kind_named
from gnomon.records.models import ImportRun
from gnomon.records.refusals import NotAllowed
from gnomon.standard.plugs import Says
from gnomon.ui.render import render, wanted

State = ImportRun.State
SHOWN_RUNS, SHOWN_FINDINGS = 50, 300


def imports_page(request: HttpRequest) -> HttpResponse:
    """What was imported, and a new file."""
    person = signed_in(request)
    if not kinds_to_import(person):
        raise NotAllowed(_("Your roles do not permit imports. Ask an administrator for the role that you need."))
    form = FileForm(
        request.POST or None,
        request.FILES or None,
        person=person,
        initial={"kind": request.GET.get("kind", "incident")},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            run = actions.receive_upload(
                given["file"], kind=given["kind"], mapping=given["mapping"], time_zone=given["time_zone"], by=person
            )
            return redirect("import-columns", key=run.pk)
        except ImportRefused as refused:
            form.add_error("file", refused.says)
    runs = [(run, kind_named(run.kind)) for run in runs_of(person)[:SHOWN_RUNS]]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "integrations/imports.html", form=form, runs=runs, status=status)


def run_page(request: HttpRequest, key: int) -> HttpResponse:
    """One run: what its dry run found, how far it is, or what it did."""
    run = run_or_404(request, key)
    if request.method == "POST":
        return _decided(request, run)
    if run.state == State.RECEIVED:
        return redirect("import-columns", key=run.pk)
    if wanted(request) == "import-progress" and run.state not in (State.TRYING, State.WAITING, State.RUNNING):
        # The page has more to say than the bar: let the browser load it whole.
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    kind = kind_named(run.kind)
    findings = list(run.findings.all()[:SHOWN_FINDINGS])
    return render(
        request, "integrations/run.html", partials={"import-progress": "ui/_import_progress.html"},
        run=run, kind=kind, job=_job(run), progress_url=request.path, list_after_url=reverse(f"{kind.name}-list"),
        tiles=_tiles(run), deviations=_deviations(run), findings=findings,
        more_findings=max(sum(run.counts.get("findings", {}).values()) - len(findings), 0), step=_step(run),
    )  # fmt: skip


def run_or_404(request: HttpRequest, key: int) -> ImportRun:
    """A run of a kind that this person may import; others do not exist."""
    run = runs_of(signed_in(request)).filter(pk=key).first()
    if run is None:
        raise Http404
    return run


def _decided(request: HttpRequest, run: ImportRun) -> HttpResponse:
    if request.POST.get("step") == "back":
        return redirect("import-columns", key=run.pk)
    actions.request_import(run, strict="strict" in request.POST, by=signed_in(request))
    return redirect("import-run", key=run.pk)


def _step(run: ImportRun) -> str:
    return {
        State.TRYING: "findings", State.TRIED: "findings", State.REFUSED: "findings" if not run.cases_done else "done",
        State.FINISHED: "done",
    }.get(State(run.state), "progress")  # fmt: skip


def _job(run: ImportRun) -> dict[str, Any]:
    """The bar as ui/_import_progress.html draws it."""
    under_way = run.state in (State.TRYING, State.WAITING, State.RUNNING)
    sentence = {
        State.TRYING: _("Trying the rows; nothing is saved"), State.WAITING: _("Waiting for the worker"),
        State.RUNNING: _("Bringing the rows in"), State.REFUSED: _("Stopped"),
    }.get(State(run.state), _("Rows read"))  # fmt: skip
    return {
        "done": run.rows_read, "total": run.rows_total or None, "failed": run.counts.get("rows_left_out", 0),
        "state": "running" if under_way else "failed" if run.state == State.REFUSED else "done", "sentence": sentence,
        "eta": _left(run) if run.state == State.RUNNING else None,
    }  # fmt: skip


def _left(run: ImportRun) -> timedelta | None:
    """How long it will take yet, going on as until now."""
    if run.started_at is None or not run.rows_read or not run.rows_total:
        return None
    taken = (datetime.now(UTC) - run.started_at).total_seconds()
    return timedelta(seconds=round(taken * (run.rows_total - run.rows_read) / run.rows_read))


def _deviations(run: ImportRun) -> list[tuple[str, int]]:
    """Steps that no move allows, in the words of the workflow, and how often they were taken."""
    titles = {state.name: str(state.title) for state in kind_named(run.kind).workflow.states}
    return [
        (" → ".join(titles.get(name, name) for name in path.split(" → ")), count)
        for path, count in run.counts.get("deviations", {}).items()
    ]


def _tiles(run: ImportRun) -> list[dict[str, Any]]:
    """The figures of a run, in one row."""
    counts = run.counts
    found = counts.get("findings", {})
    tiles: list[tuple[Says, int, str]] = [
        (_("Rows"), counts.get("rows", 0), ""),
        (_("New records"), counts.get("made", 0), ""),
        (_("Records that go on"), counts.get("continued", 0), ""),
        (_("Records known already"), counts.get("unchanged", 0), ""),
        (_("Ledger entries"), counts.get("entries", 0), ""),
        (_("Errors"), found.get("error", 0), "danger"),
        (_("Warnings"), found.get("warning", 0), "warn"),
    ]
    tiles += [(kind_named(name).plural, count, "") for name, count in counts.get("references", {}).items()]
    return [{"title": title, "value": value, "tone": tone if value else ""} for title, value, tone in tiles]
