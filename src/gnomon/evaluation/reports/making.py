"""Reports as files: which dashboard, which form, in which language (9.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.evaluation.boards.all import BOARDS, sheet_of
from gnomon.evaluation.boards.asking import asked_of
from gnomon.evaluation.boards.declared import Dashboard
from gnomon.evaluation.boards.sheet import Sheet
from gnomon.evaluation.reports.paper import pdf
from gnomon.evaluation.reports.plain import Report
from gnomon.evaluation.reports.workbook import xlsx
from gnomon.records.refusals import InvalidFacts

FORMS: Mapping[str, tuple[str, Callable[[Report], bytes]]] = {
    "pdf": ("application/pdf", pdf),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
}


def board_named(name: str) -> Dashboard:
    """The dashboard of that name; InvalidFacts names those there are."""
    for board in BOARDS:
        if board.name == name:
            return board
    says = _("There is no dashboard “%(name)s”. Dashboards: %(known)s.")
    known = ", ".join(board.name for board in BOARDS)
    said = says % {"name": name[:80], "known": known}
    raise InvalidFacts(said, {"dashboard": said})


def check_form(form: str) -> None:
    """InvalidFacts for a form in which there are no reports."""
    if form not in FORMS:
        says = _("A report is made as pdf or xlsx.")
        raise InvalidFacts(says, {"format": says})


def report_of(board: Dashboard, person: Any, given: Mapping[str, str], now: datetime | None = None) -> Report:
    """A dashboard as a person would see it under some parameters, at a moment."""
    asked, newest = asked_of(person, board, given, now)
    if asked.choice.trouble:
        raise InvalidFacts(asked.choice.trouble, {"period": asked.choice.trouble})
    empty = Sheet((), empty=_("There are no incidents yet. Figures appear as soon as the first one is recorded."))
    return Report(board, asked, sheet_of(board, asked) if newest else empty)


def file_name(report: Report, form: str) -> str:
    """`management-2026-11-15.pdf`."""
    return f"{report.board.name}-{timezone.localdate(report.made_at):%Y-%m-%d}.{form}"
