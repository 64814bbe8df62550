"""Have the checks run by the worker, and tell how far they are."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from django.db import transaction

from gnomon.certification.actions.run import run_checks
from gnomon.certification.catalogue import catalogue
from gnomon.certification.kinds import CONFORMITY_RUN
from gnomon.certification.models import Checking, ConformityRun
from gnomon.certification.queries.live import NoSuchClause, declared_checks
from gnomon.jobs.actions import enqueue
from gnomon.organization.models import Person
from gnomon.records import permissions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import find_record
from gnomon.standard.plugs import Actor

CARRY_OUT = "certification:carry_out"
# A second click finds the checking that the first one asked for; an old one was left by a worker that is gone.
STILL_THE_SAME = timedelta(minutes=15)
TOLD_EVERY = 0.4


@transaction.atomic
def ask_for_run(clause: str = "", as_of: datetime | None = None, *, by: Actor, full: bool = False) -> Checking:
    """Store that the checks shall run; while the same is under way it is not asked for twice.

    LookupError when the standard has no such clause.
    """
    permissions.require(by, "create", CONFORMITY_RUN)
    names = {rule.name for requirement in catalogue().within(clause) for rule in requirement.rules}
    if not names:
        raise NoSuchClause(clause)
    now = datetime.now(UTC)
    under_way = Checking.objects.filter(clause=clause, as_of=as_of, full=full, finished_at=None, error="")
    same = under_way.filter(asked_at__gt=now - STILL_THE_SAME).order_by("-id").first()
    if same is not None:
        return same
    made = Checking.objects.create(
        asked_by=by.number,
        asked_at=now,
        clause=clause,
        as_of=as_of,
        full=full,
        total=len(names & set(declared_checks())),
    )
    enqueue(CARRY_OUT, key=str(made.pk), once=True, checking=made.pk)
    return made


def carry_out(checking: int) -> None:
    """Make the run that was asked for; called twice, it makes one."""
    asked = Checking.objects.get(pk=checking)
    if asked.finished_at is not None:
        return
    mine = Checking.objects.filter(pk=checking)
    mine.update(started_at=datetime.now(UTC), done=0, error="")

    def finish(run: ConformityRun) -> None:
        mine.update(run=run.number, finished_at=datetime.now(UTC), done=asked.total)

    try:
        run_checks(
            asked.as_of,
            asked.clause,
            by=_who(asked.asked_by),
            full=asked.full,
            progress=_telling(checking),
            kept=finish,
        )
    except Exception as trouble:
        mine.update(error=f"{type(trouble).__name__}: {trouble}"[:2000])
        raise


class _telling:
    """Writes down how far a checking is, a few times a second at most."""

    def __init__(self, checking: int) -> None:
        self.rows = Checking.objects.filter(pk=checking)
        self.done, self.told_at = 0, 0.0

    def __call__(self, rule: str) -> None:
        now = time.monotonic()
        if now - self.told_at > TOLD_EVERY:
            self.rows.update(done=self.done, doing=rule)
            self.told_at = now
        self.done += 1


def _who(number: str) -> Actor:
    if number == SYSTEM.number:
        return SYSTEM
    person = find_record(number)
    assert isinstance(person, Person)
    return person
