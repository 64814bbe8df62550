"""What an agreement must say to be understood by clocks (8.3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gnomon.agreements.models import ServiceLevelAgreement
from gnomon.records.kinds import Change
from gnomon.records.models import Record

LONGEST_MINUTES = 5 * 366 * 24 * 60


def what_is_wrong(record: Record, _change: Change) -> Mapping[str, str]:
    """Targets, thresholds and dates that make no sense."""
    assert isinstance(record, ServiceLevelAgreement)
    wrong: dict[str, str] = {}
    if (says := _targets(record.targets)) is not None:
        wrong["targets"] = says
    if (says := _thresholds(record.thresholds)) is not None:
        wrong["thresholds"] = says
    if record.effective_from and record.effective_to and record.effective_to < record.effective_from:
        wrong["effective_to"] = _("The agreement cannot end before it begins.")
    return wrong


def _targets(targets: Any) -> str | None:
    example = '[{"priority": 1, "respond_minutes": 15, "resolve_minutes": 240}]'
    if not isinstance(targets, list):
        return _("Give targets as a list, for example %(example)s.") % {"example": example}
    seen: set[Any] = set()
    for row in targets:
        if not isinstance(row, dict) or row.get("priority") not in (1, 2, 3, 4):
            return _("Each target names a priority from 1 to 4, for example %(example)s.") % {"example": example}
        if row["priority"] in seen:
            return _("Priority %(priority)s has two targets. Keep one.") % {"priority": row["priority"]}
        seen.add(row["priority"])
        for name in ("respond_minutes", "resolve_minutes"):
            minutes = row.get(name)
            if minutes is None:
                continue
            if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 < minutes <= LONGEST_MINUTES:
                return _("%(name)s of priority %(priority)s must be minutes above 0, or left out for no target.") % {
                    "name": name, "priority": row["priority"],
                }  # fmt: skip
    return None


def _thresholds(thresholds: Any) -> str | None:
    if not isinstance(thresholds, list) or any(isinstance(t, bool) or not isinstance(t, int) for t in thresholds):
        return _("Give thresholds as a list of percentages, for example [50, 75, 90, 100].")
    if any(not 0 < t <= 1000 for t in thresholds):
        return _("A threshold lies above 0 percent.")
    return None
