"""The list behind a figure of process mining: the records that took a step, went a way, came back, deviated."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.evaluation.mining.courses import in_words, those_that_went
from gnomon.records.lenses import EveryLens

MINED = EveryLens("mined", title=_("Course"), narrow=those_that_went, says=in_words)
