"""How well measuring itself is done (9.1)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Measure

MEASUREMENT_COVERAGE = Measure(
    "measurement_coverage", process="monitoring_reporting", title=_("Measured on schedule"), unit="%", how="share",
    direction="higher", kind="monitoring_requirement", among={"status": "active"}, holds={"measured": "yes"},
    dimensions=("subject", "owner"), target=95,
    formula=_("Share of active monitoring requirements with a result no older than their interval and a day"),
)  # fmt: skip

RESULTS_WAITING = Measure(
    "results_waiting", process="monitoring_reporting", title=_("Results not analysed"), unit="count", how="count",
    direction="lower", kind="measurement_result", among={"status": "recorded"}, dimensions=("requirement",),
    formula=_("Measurement results that nobody has analysed yet"),
)  # fmt: skip
