"""What resolution does later or on a schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from gnomon.resolution import categories, customer_notices, ratings, reminders
from gnomon.standard.plugs import Job


def lapse() -> None:
    ratings.lapse()


def look_for_overdue_updates() -> None:
    reminders.sweep()


def merge_categories(**facts: Any) -> None:
    categories.go_on(**facts)


MERGE = Job(categories.MERGE, merge_categories, title=_("Give incidents the category that theirs was merged into"))
ASK = Job(ratings.ASK, ratings.ask_for_rating, title=_("Ask a requester how it went"))
LAPSE = Job("resolution:lapse_ratings", lapse, every=timedelta(days=1), title=_("Let unanswered ratings rest"))
LOOK_FOR_OVERDUE_UPDATES = Job(
    "resolution:look_for_overdue_updates", look_for_overdue_updates, every=timedelta(seconds=30),
    title=_("Look for updates of major incidents that are overdue"),
)  # fmt: skip
TELL_CUSTOMERS = Job(customer_notices.TELL, reminders.tell_customers, title=_("Tell requesters what was published"))
