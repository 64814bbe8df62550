"""How far roles and responsibilities reach (5.3)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Measure

ROLE_COVERAGE = Measure(
    "role_coverage", process="leadership_policy", title=_("Roles with a holder"), unit="%", how="share",
    direction="higher", kind="role", among={"status": "in_use"}, holds={"held": "yes"}, target=100,
    formula=_("Share of the roles in use that somebody holds a responsibility for"),
)  # fmt: skip
