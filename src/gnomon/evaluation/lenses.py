"""Lists behind figures that columns cannot say: of process mining, and of the past."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.evaluation.mining.courses import in_words, those_that_went
from gnomon.evaluation.queries.frozen import NAME, those_counted
from gnomon.evaluation.queries.frozen import in_words as in_words_of_figure
from gnomon.records.lenses import EveryLens

COUNTED = EveryLens(NAME, title=_("Counted in"), narrow=those_counted, says=in_words_of_figure)
MINED = EveryLens("mined", title=_("Course"), narrow=those_that_went, says=in_words)
