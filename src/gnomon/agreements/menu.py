"""Lines of the menu for 8.3."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import STAFF
from gnomon.standard.plugs import MenuEntry

CUSTOMERS = MenuEntry(
    title=_("Customers"), url="/agreements/customers/", clause="8.3.2", icon="building", roles=STAFF, order=10
)
AGREEMENTS = MenuEntry(
    title=_("Service level agreements"), url="/agreements/service-level-agreements/", clause="8.3.3",
    icon="file-text", roles=STAFF, order=20,
)  # fmt: skip
INTERNAL_AGREEMENTS = MenuEntry(
    title=_("Operational level agreements"), url="/agreements/operational-level-agreements/", clause="8.3.4.2",
    icon="users", roles=STAFF, order=30,
)  # fmt: skip
ESCALATION_POLICIES = MenuEntry(
    title=_("Escalation policies"), url="/agreements/escalation-policies/", clause="8.6.1", icon="flag",
    roles=STAFF, order=60,
)  # fmt: skip
