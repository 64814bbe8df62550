"""What REST does on a schedule."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.api.once import forget_answers
from gnomon.standard.plugs import Job

FORGET_ANSWERS = Job(
    "api:forget_answers", forget_answers, every=timedelta(hours=1), title=_("Forget answers kept for a day")
)
