"""The kind that holds what those say whom we served (8.3.2)."""

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import EXPORTING, PROCESS, SPEAKING, STAFF
from gnomon.records.kinds import Kind
from gnomon.resolution import ratings
from gnomon.resolution.models import SatisfactionRating
from gnomon.resolution.workflows import RATING

# Nobody changes what somebody else answered.
satisfaction_rating = Kind(
    name="satisfaction_rating",
    model=SatisfactionRating,
    prefix="RAT",
    clause="8.3.2",
    title=_("Satisfaction rating"),
    plural=_("Satisfaction ratings"),
    workflow=RATING,
    fields=("title", "incident", "requester", "score", "comment"),
    columns=("number", "title", "status", "score", "requester", "asked_at", "answered_at"),
    shows=("incident", "comment"),
    filters=("status", "score", "incident", "requester"),
    searched=("comment",),
    lenses={"service": ratings.of_service, "customer": ratings.of_customer},
    may={"read": STAFF, "create": PROCESS, "change": (), "comment": SPEAKING, "export": EXPORTING, "import": PROCESS},
    sees=ratings.own_ratings,
    prepare=ratings.what_follows,
    check=ratings.what_is_wrong,
    icon="star",
)
