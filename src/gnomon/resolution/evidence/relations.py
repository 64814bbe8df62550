"""What incidents prove of other clauses: working across teams (8.2.1), and satisfaction (8.3.2)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gnomon.resolution.evidence.populations import EACH_INCIDENT, finding, incidents_with, window_turns
from gnomon.resolution.models import SatisfactionRating
from gnomon.standard.plugs import Finding, Question, evidence

HANDED_ON_AT_MOST = 3


@evidence("8.2.1-a", _("Incidents were not handed on more than three times"), rule=2, recordwise=EACH_INCIDENT)
def incidents_are_seldom_handed_on(question: Question) -> Finding:
    too_often = Q(reassignment_count__gt=HANDED_ON_AT_MOST)
    closed = incidents_with("closed_at", question)
    return finding(closed, failed=too_often, turns=window_turns("closed_at", question))


@evidence("8.3.2-g", _("Satisfaction was measured within the planned interval"))
def satisfaction_is_measured(question: Question) -> Finding:
    """Ratings that people gave after their incidents; whether they speak for all customers is asked by 8.3.2 h."""
    answered = SatisfactionRating.objects.filter(
        status="answered", score__isnull=False, answered_at__gte=question.period.start, answered_at__lte=question.as_of
    )
    return Finding(list(answered.order_by().values_list("number", flat=True)))
