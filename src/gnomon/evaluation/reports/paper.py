"""A dashboard as PDF: set by typst from data alone, the same bytes for the same figures at the same moment."""

from __future__ import annotations

import json
from pathlib import Path

from django.utils.translation import gettext as _

from gnomon.evaluation.reports.face import FOLDER, writes
from gnomon.evaluation.reports.plain import Report, plain
from gnomon.records.refusals import Refused

SOURCE = Path(__file__).parent / "report.typ"


class CannotPrint(Refused):
    """What typesetting needs is not installed; the sentence says how to install it."""


def why_not() -> str:
    """A sentence when PDF cannot be made here, empty when it can."""
    try:
        import typst  # noqa: F401 - an extra that may not be there
    except ImportError:
        return _("PDF needs the extra “reports”. Install it with: pip install 'gnomon[reports]'.")
    return ""


def pdf(report: Report) -> bytes:
    """The report as PDF; CannotPrint where typst is missing."""
    if says := why_not():
        raise CannotPrint(says)
    import typst

    # People's words reach the typesetter as data, so that no sign in them can be taken for markup.
    given = json.dumps(plain(report), ensure_ascii=False, sort_keys=True)
    made: bytes = typst.compile(
        SOURCE,
        font_paths=[FOLDER],
        # With the faces of the machine, signs that ours lacks are written too, though not alike everywhere.
        ignore_system_fonts=writes(given),
        sys_inputs={"report": given},
        format="pdf",
        timestamp=int(report.made_at.timestamp()),
    )
    return made
