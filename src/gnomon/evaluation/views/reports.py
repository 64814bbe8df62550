"""A dashboard as a file to take along (9.4)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gnomon.evaluation.reports.making import FORMS, check_form, file_name, report_of
from gnomon.evaluation.reports.paper import why_not
from gnomon.evaluation.views.dashboard import board_asked
from gnomon.records import permissions
from gnomon.records.kinds import kind_named
from gnomon.ui.render import render


@login_required
def report(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The dashboard as it is shown, as PDF or XLSX; a sentence where PDF cannot be made."""
    board = board_asked(request, name)
    permissions.require(request.user, "export", kind_named("incident"))  # type: ignore[arg-type]
    check_form(form)
    if form == "pdf" and (says := why_not()):
        return render(request, "evaluation/no_report.html", status=501, board=board, says=says, title=_("PDF"))
    made = report_of(board, request.user, request.GET.dict())
    media_type, write = FORMS[form]
    answer = HttpResponse(write(made), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{file_name(made, form)}"'
    return answer
