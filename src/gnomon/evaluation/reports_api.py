"""Dashboards as files, by REST (9.4)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import translation

from gnomon.evaluation.boards.all import boards_for
from gnomon.evaluation.reports.making import FORMS, check_form, file_name, report_of
from gnomon.organization.scopes import require_scope
from gnomon.records import permissions
from gnomon.records.endpoints import Call, Endpoint
from gnomon.records.kinds import kind_named

NEEDED = "incident:read"


def dashboard_report(call: Call) -> HttpResponse:
    """A dashboard that is meant for whoever asks, as PDF or XLSX."""
    board = next((one for one in boards_for(call.person) if one.name == call.place["dashboard"]), None)
    if board is None:
        raise Http404
    require_scope(call.scopes, NEEDED)
    permissions.require(call.person, "export", kind_named("incident"))
    form = call.query.get("format", "pdf")
    check_form(form)
    with translation.override(language_named(call.query.get("language", ""))):
        made = report_of(board, call.person, call.query)
        media_type, write = FORMS[form]
        answer = HttpResponse(write(made), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{file_name(made, form)}"'
    return answer


def language_named(text: str) -> str:
    """The language that a word means; that of the moment when it is empty."""
    if not text:
        return translation.get_language() or "en"
    return "zh-hans" if text.lower().startswith("zh") else "en"


DASHBOARD_REPORT = Endpoint(
    "read_file_of_dashboard", "get", "dashboards/{dashboard}/report", dashboard_report, "A dashboard as PDF or XLSX",
    description="dashboard is desk, process, service or management.",
    parameters={
        "format": "pdf or xlsx", "language": "en or zh", "period": "7, 30, 90, month, all or custom",
        "from": "First day of a custom period", "to": "Last day of a custom period", "service": "Number of a service",
        "team": "Number of a team", "customer": "Number of a customer", "priority": "A priority",
        "process": "A process, for the dashboard of a process", "step": "week or month, of control charts",
    },
    media_type="application/octet-stream",
)  # fmt: skip
