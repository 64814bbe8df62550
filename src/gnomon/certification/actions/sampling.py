"""Draw a sample, look at each record drawn, and conclude (9.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.certification.kinds import SAMPLE
from gnomon.certification.models import Sample
from gnomon.certification.queries.samples import record_of
from gnomon.certification.sampling import EXAMINED, OUTCOMES, outcomes_of
from gnomon.records import permissions
from gnomon.records.actions import note, record
from gnomon.records.actions.write import hold
from gnomon.records.authorship import worked_on
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts, MoveRefused, NotAllowed
from gnomon.standard.plugs import Actor


def draw_sample(requirement: str, *, by: Actor, because: str = "", **order: Any) -> Sample:
    """Draw from what a run counted for a requirement, or for one of its rules (9.2)."""
    drawn = record(SAMPLE, by=by, because=because, requirement=requirement, **order)
    assert isinstance(drawn, Sample)
    return drawn


@transaction.atomic
def examine(
    sample: Sample, number: str, outcome: str, *, by: Actor, because: str = "", at: datetime | None = None
) -> LedgerEntry:
    """Tell what was found of one record drawn; judged again, the later word counts and the earlier one stays."""
    permissions.require(by, EXAMINED, SAMPLE)
    hold(sample)
    if sample.status != "drawn":
        says = _("%(sample)s is %(status)s, so nothing is judged in it any more. Draw another.")
        raise MoveRefused(says % {"sample": sample.number, "status": sample.status_title})
    if faults := _faults(sample, number, outcome, because.strip()):
        raise InvalidFacts(next(iter(faults.values())), faults)
    _require_other_work(number, by)
    before = outcomes_of(sample.number).get(number)
    return note(
        sample, EXAMINED, by=by, at=at, because=because, about=[None, number], outcome=[before, outcome]
    )  # fmt: skip


def _faults(sample: Sample, number: str, outcome: str, because: str) -> dict[str, str]:
    if number not in sample.drawn:
        return {"record": _("%(number)s was not drawn in this sample.") % {"number": number}}
    if outcome not in OUTCOMES:
        return {"outcome": _("Choose one of: %(known)s.") % {"known": ", ".join(OUTCOMES)}}
    if outcome != "conforming" and not because:
        return {"because": _("Say what you saw: only “conforms” needs no words.")}
    return {}


def _require_other_work(number: str, by: Actor) -> None:
    """Whoever judges may open the record, and it is not their own work."""
    found = record_of(number, by)
    if found is None:
        says = _("You cannot open %(number)s, so you cannot judge it. Ask an auditor who can.")
        raise NotAllowed(says % {"number": number})
    if worked_on(found, by.number):
        says = _("%(number)s is your own work. Somebody else has to judge it.")
        raise NotAllowed(says % {"number": number})
