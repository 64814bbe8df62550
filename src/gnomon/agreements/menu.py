"""Lines of the menu for 8.3."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import PROCESS, STAFF
from gnomon.standard.plugs import Actor, MenuEntry, MyWork

CUSTOMERS = MenuEntry(
    title=_("Customers"), url="/agreements/customers/", clause="8.3.2", icon="building", roles=STAFF, order=10
)
AGREEMENTS = MenuEntry(
    title=_("Service level agreements"), url="/agreements/service-level-agreements/", clause="8.3.3",
    icon="file-text", roles=STAFF, order=20,
)  # fmt: skip
INTERNAL_AGREEMENTS = MenuEntry(
    title=_("Operational level agreements"), url="/agreements/operational-level-agreements/", clause="8.3.4.2",
    icon="users", roles=STAFF, order=30, rare=True,
)  # fmt: skip
ESCALATIONS = MenuEntry(
    title=_("Running escalations"), url="/agreements/escalations", clause="8.6.1", icon="bolt", roles=STAFF, order=55
)
ESCALATION_POLICIES = MenuEntry(
    title=_("Escalation policies"), url="/agreements/escalation-policies/", clause="8.6.1", icon="flag",
    roles=STAFF, order=60, rare=True,
)  # fmt: skip


def _overdue(_person: Actor) -> int:
    from gnomon.agreements.escalation.showing import overdue

    return overdue().count()


OVERDUE_ESCALATIONS = MyWork(
    title=_("Escalations that need attention"), count=_overdue, url="/agreements/escalations?show=overdue", icon="bolt",
    roles=PROCESS,
)  # fmt: skip
