"""Where performance evaluation stands in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import STAFF
from gnomon.standard.plugs import MenuEntry

DASHBOARD = MenuEntry(title=_("Dashboards"), url="/evaluation/", clause="9.1", icon="chart-bar", roles=STAFF, order=10)
COMPARISON = MenuEntry(
    title=_("Two periods compared"),
    url="/evaluation/comparison/",
    clause="9.1",
    icon="chart-bar",
    roles=STAFF,
    order=15,
)
MINING = MenuEntry(
    title=_("Process mining"), url="/evaluation/mining/", clause="9.1", icon="route", roles=STAFF, order=17
)
MONITORING = MenuEntry(
    title=_("Monitoring requirements"), url="/evaluation/monitoring-requirements/", clause="9.1", icon="list",
    roles=STAFF, order=20, rare=True,
)  # fmt: skip
RESULTS = MenuEntry(
    title=_("Measurement results"), url="/evaluation/measurement-results/", clause="9.1", icon="history",
    roles=STAFF, order=30, rare=True,
)  # fmt: skip
