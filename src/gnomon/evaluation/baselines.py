"""What holds for the baselines of control charts."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from gnomon.evaluation.models import ControlBaseline
from gnomon.records.kinds import Change
from gnomon.records.models import Record


def what_is_wrong(record: Record, _change: Change) -> Mapping[str, str]:
    """A baseline names a measure that is there, and days in their order."""
    from gnomon.evaluation.queries.measures import measures  # the apps' measures are declared over their kinds

    assert isinstance(record, ControlBaseline)
    if record.measure not in measures():
        says = _("There is no measure called “%(name)s”. Measures: %(known)s.")
        return {"measure": says % {"name": record.measure[:80], "known": ", ".join(sorted(measures()))}}
    if record.start_date and record.end_date and record.end_date < record.start_date:
        return {"end_date": _("The period ends before it starts. Exchange the two dates.")}
    return {}
