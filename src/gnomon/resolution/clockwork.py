"""What resolution does later or on a schedule."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.resolution import ratings
from gnomon.standard.plugs import Job


def lapse() -> None:
    ratings.lapse()


ASK = Job(ratings.ASK, ratings.ask_for_rating, title=_("Ask a requester how it went"))
LAPSE = Job("resolution:lapse_ratings", lapse, every=timedelta(days=1), title=_("Let unanswered ratings rest"))
