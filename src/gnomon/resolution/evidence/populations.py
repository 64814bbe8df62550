"""Which incidents a check looks at, and how its verdict on each becomes a finding in one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan

from gnomon.jobs.moments import MomentField
from gnomon.records.models import LedgerEntry
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Finding, Limit, Question, Recordwise

HELD, LATE, FAILED = 0, 1, 2
# A cancelled report was no incident; what was merged is judged as the incident that it became part of.
NOT_COUNTED = ("cancelled", "merged")
NEVER = Q(pk__in=[])
EACH_INCIDENT = Recordwise("incident")
AT_ONCE = timedelta()

# When we first knew: the world's time of the first entry. An import tells late what another system had
# recorded in time, so the time of telling would call every imported incident late.
FIRST_ENTRY = LedgerEntry.objects.filter(number=OuterRef("number"), version=1).order_by()
TOLD_AT: Subquery = Subquery(FIRST_ENTRY.values("happened_at")[:1], output_field=MomentField())


def asked_about(question: Question) -> QuerySet[Any]:
    """The incidents that the question is about: all, or those that it names."""
    incidents: QuerySet[Any] = Incident.objects.order_by()
    return incidents if question.among is None else incidents.filter(number__in=question.among)


def incidents_with(field: str, question: Question) -> QuerySet[Any]:
    """Incidents whose moment `field` lies in the window and was over when we were asked; those that count."""
    return within(field, question).exclude(status__in=NOT_COUNTED)


def within(field: str, question: Question) -> QuerySet[Any]:
    """The same, cancelled and merged reports included."""
    period = question.period
    bounds = {f"{field}__gte": period.start, f"{field}__lt": period.end, f"{field}__lte": question.as_of}
    return asked_about(question).filter(**bounds)


def finding(
    incidents: QuerySet[Any], *, failed: Q, late: Q = NEVER, turns: Mapping[str, datetime] | None = None
) -> Finding:
    """Whom of a population the rule fails, and for whom it holds only without its limits."""
    outcome = Case(
        When(failed, then=Value(FAILED)), When(late, then=Value(LATE)), default=Value(HELD), output_field=IntegerField()
    )
    rows = list(incidents.annotate(outcome=outcome).values_list("number", "outcome"))
    return Finding(
        population=[number for number, _outcome in rows],
        late=[number for number, outcome in rows if outcome == LATE],
        failed=[number for number, outcome in rows if outcome == FAILED],
        turns=turns or {},
    )


def one_of(entries: QuerySet[LedgerEntry]) -> Q:
    """Whether there is one among the entries about each record.

    Not `Exists`: PostgreSQL then looks for all such entries, through the whole ledger, instead of those of each record.
    """
    found = Subquery(entries.order_by().values(one=Value(1))[:1], output_field=IntegerField())
    return Q(GreaterThan(Coalesce(found, 0), 0))


def window_turns(field: str, question: Question) -> dict[str, datetime]:
    """Incidents that time alone takes into the window of their moment `field`, or out of it, and when."""
    if question.until is None:
        return {}
    turns: dict[str, datetime] = {}
    for after in (AT_ONCE, question.as_of - question.period.start):
        bounds = {f"{field}__gte": question.as_of - after, f"{field}__lt": question.until - after}
        rows = asked_about(question).filter(**bounds).values_list("number", field)
        soonest(turns, ((number, moment + after) for number, moment in rows), question)
    return turns


def soonest(
    turns: dict[str, datetime], more: Iterable[tuple[str, datetime | None]], question: Question
) -> dict[str, datetime]:
    """The turns with others added: of two for one record the sooner, and none that lies beyond what was asked."""
    if question.until is not None:
        for number, moment in more:
            if moment is not None and moment < question.until and moment < turns.get(number, question.until):
                turns[number] = moment
    return turns


def not_by(field: str, question: Question) -> Q:
    """Not filled at the moment asked about."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": question.as_of})


def after(field: str, limit: Limit) -> Any:
    """The moment when a limit that began at another moment has passed."""
    return F(field) + Value(int(limit.length.total_seconds() * 1000), output_field=IntegerField())


def still_has_time(done: str, since: str, limit: Limit, question: Question) -> Q:
    """Not done yet, and the limit has not passed."""
    return not_by(done, question) & Q(**{f"{since}__gt": question.as_of - limit.length})
