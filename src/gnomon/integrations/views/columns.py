"""Which column becomes which field: the second step of an import."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gnomon.integrations import actions
from gnomon.integrations.forms import ColumnsForm, NameForm, TextForm, kind_of_mapping
from gnomon.integrations.queries import first_look
from gnomon.integrations.views.imports import run_or_404
from gnomon.organization.sign_in import signed_in
from gnomon.records.imports.mappings import Mapping, mapping_from_text, mapping_text
from gnomon.records.imports.refusals import ImportRefused
from gnomon.records.models import ImportRun
from gnomon.ui.render import render


def columns_page(request: HttpRequest, key: int) -> HttpResponse:
    """Look at the first rows, say what the columns mean, try it."""
    run = run_or_404(request, key)
    if run.state in (ImportRun.State.RUNNING, ImportRun.State.FINISHED):
        return redirect("import-run", key=run.pk)
    mapping = actions.mapping_of_run(run)
    columns, rows = first_look(Path(run.path), mapping)
    kind = kind_of_mapping(mapping)
    form = ColumnsForm(request.POST or None, kind=kind, mapping=mapping, columns=columns)
    text, name = TextForm(initial={"text": mapping_text(mapping)}), NameForm(request.POST or None)
    if request.method == "POST":
        try:
            chosen = _chosen(request, form)
            if chosen is not None:
                return _go_on(request, run, chosen)
        except ImportRefused as refused:
            if request.POST.get("step") == "text":
                form = ColumnsForm(kind=kind, mapping=mapping, columns=columns)
                text = TextForm(request.POST)
                text.add_error("text", refused.says)
            else:
                form.add_error(None, refused.says)
    wrong = bool(form.errors or text.errors)
    return render(
        request, "integrations/columns.html", run=run, kind=kind, form=form, text=text, name=name, columns=columns,
        rows=rows, status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
    )  # fmt: skip


def _chosen(request: HttpRequest, form: ColumnsForm) -> Mapping | None:
    """What was filled in, as columns or as text; None when the form itself is wrong."""
    if request.POST.get("step") == "text":
        chosen = mapping_from_text(request.POST.get("text", ""))
        if chosen.kind != form.kind.name:
            raise ImportRefused(_("This import brings in %(kind)s; begin another one.") % {"kind": form.kind.plural})
        return chosen
    return form.chosen() if form.is_valid() else None


def _go_on(request: HttpRequest, run: ImportRun, chosen: Mapping) -> HttpResponse:
    person, step = signed_in(request), request.POST.get("step")
    actions.change_mapping(run, chosen, by=person)
    name = request.POST.get("name", "").strip()
    if step == "save" and name:
        actions.save_mapping(name, chosen, by=person)
        messages.success(request, _("The mapping is kept as “%(name)s”.") % {"name": name})
    if step in ("save", "text"):
        return redirect("import-columns", key=run.pk)
    actions.request_try(run, by=person)
    return redirect("import-run", key=run.pk)
