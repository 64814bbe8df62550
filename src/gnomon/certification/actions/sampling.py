"""Draw a sample, look at each record drawn, and conclude (9.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.certification.kinds import SAMPLE
from gnomon.certification.models import Redrawing, Sample
from gnomon.certification.queries.samples import Redrawn, record_of, redraw
from gnomon.certification.sampling import EXAMINED, OUTCOMES, draw_now, outcomes_of, takes_long
from gnomon.jobs.actions import enqueue
from gnomon.records import permissions
from gnomon.records.actions import move, note, record
from gnomon.records.actions.write import hold
from gnomon.records.actors import SYSTEM
from gnomon.records.authorship import worked_on
from gnomon.records.models import LedgerEntry
from gnomon.records.patience import not_yet, somebody_waits
from gnomon.records.refusals import InvalidFacts, MoveRefused, NotAllowed, NotYet, StaleRecord
from gnomon.standard.plugs import Actor
from gnomon.ui.numbers import number_words

REDRAW = "certification:redraw_sample"
# Who looks is shown what was drawn for them, and not yesterday's.
GOOD_FOR = timedelta(minutes=1)
# A second look finds what the first one asked for; an old one was left by a worker that is gone.
STILL_THE_SAME = timedelta(minutes=15)


def draw_sample(requirement: str, *, by: Actor, because: str = "", **order: Any) -> Sample:
    """Draw from what a run counted for a requirement, or for one of its rules (9.2)."""
    drawn = record(SAMPLE, by=by, because=because, requirement=requirement, **order)
    assert isinstance(drawn, Sample)
    return drawn


def draw_ordered(number: str) -> Sample:
    """Draw the sample of this number, unless it was drawn or withdrawn meanwhile; called twice, it draws once."""
    sample: Sample = Sample.objects.select_related("run").get(number=number)
    if sample.status != "ordered":
        return sample
    try:
        try:
            draw_now(sample)
        except InvalidFacts as refused:
            move(sample, "refuse", by=SYSTEM, because=refused.says)
    except (MoveRefused, StaleRecord):
        sample.refresh_from_db()
    return sample


def drawn_again(sample: Sample) -> Redrawn:
    """The draw repeated; where ranking so many would keep a request waiting, by a worker: NotYet until it is done."""
    if not (takes_long(sample.population_count) and somebody_waits()):
        return redraw(sample)
    now = datetime.now(UTC)
    asked = Redrawing.objects.filter(sample=sample).first()
    if asked is not None and asked.answered_at is not None and asked.answered_at > now - GOOD_FOR:
        return Redrawn(**asked.answer, at=asked.answered_at)
    says = _("%(count)s records are ranked for this. A worker does so; look again in a moment.")
    refused = NotYet(says % {"count": number_words(sample.population_count)})
    not_yet(refused, lambda: _ask_for_redrawing(sample))


@transaction.atomic
def _ask_for_redrawing(sample: Sample) -> None:
    """Have a worker draw again, unless somebody has asked for it already."""
    now = datetime.now(UTC)
    asked = Redrawing.objects.filter(sample=sample).first()
    if asked is None or asked.answered_at is not None or asked.asked_at < now - STILL_THE_SAME:
        Redrawing.objects.update_or_create(sample=sample, defaults={"asked_at": now, "answered_at": None, "answer": {}})
        enqueue(REDRAW, key=sample.number, cause=sample.number, number=sample.number)


def answer_redrawing(number: str) -> None:
    """Draw again what somebody asked for, and keep what came of it."""
    sample: Sample = Sample.objects.select_related("run").get(number=number)
    again = redraw(sample)
    answer = {
        "numbers": list(again.numbers), "population": again.population, "digest": again.digest,
        "faults": list(again.faults),
    }  # fmt: skip
    Redrawing.objects.filter(sample=sample).update(answered_at=datetime.now(UTC), answer=answer)


@transaction.atomic
def examine(
    sample: Sample, number: str, outcome: str, *, by: Actor, because: str = "", at: datetime | None = None
) -> LedgerEntry:
    """Tell what was found of one record drawn; judged again, the later word counts and the earlier one stays."""
    permissions.require(by, EXAMINED, SAMPLE)
    hold(sample)
    if sample.status == "ordered":
        raise MoveRefused(_("%(sample)s is still being drawn. Look again in a moment.") % {"sample": sample.number})
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
