"""How satisfied people are with what was done for them (8.3.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gnomon.standard.expressions import Field
from gnomon.standard.plugs import Measure

OF_RATINGS: dict[str, Any] = {"process": "business_relationship", "kind": "satisfaction_rating"}
ANSWERED = {"status": "answered"}

CSAT = Measure(
    "csat", title=_("Customer satisfaction"), unit="score", how="mean", direction="higher", at="answered_at",
    among=ANSWERED, value=Field("score"), target=4.2, dimensions=("requester",),
    formula=_("Mean of the ratings answered in the period, from 1 for very poor to 5 for very good"),
    **OF_RATINGS,
)  # fmt: skip

SURVEY_RESPONSE = Measure(
    "survey_response", title=_("Ratings answered"), unit="%", how="share", direction="higher", at="asked_at",
    holds=ANSWERED, target=30,
    formula=_("Share of the ratings asked for in the period that were answered, whenever that was"),
    **OF_RATINGS,
)  # fmt: skip

DISSATISFACTION = Measure(
    "dissatisfaction", title=_("Dissatisfied"), unit="%", how="share", direction="lower", at="answered_at",
    among=ANSWERED, holds={"score.to": "3"}, dimensions=("requester",),
    formula=_("Share of the ratings answered in the period that say poor or very poor"),
    **OF_RATINGS,
)  # fmt: skip
