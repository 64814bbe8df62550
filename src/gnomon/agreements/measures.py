"""How agreements are kept current (8.3.3). How they are met is told by the records that they cover."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Measure

AGREEMENTS_EXPIRED = Measure(
    "agreements_expired", process="service_level_management", title=_("Agreements past their end"), unit="count",
    how="count", direction="lower", target=0, kind="service_level_agreement",
    among={"status": "agreed", "effective_to.to": "{day}"}, dimensions=("service", "customer"),
    formula=_("Service level agreements that are still marked as agreed though their last day is past"),
)  # fmt: skip
