"""The lines of the menu for imports and webhooks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import AUTHORS, PROCESS
from gnomon.standard.plugs import MenuEntry

IMPORT = MenuEntry(
    title=_("Import"),
    url="/integrations/import/",
    clause="7.5",
    icon="database-import",
    roles=AUTHORS,
    order=90,
    rare=True,
)
WEBHOOKS = MenuEntry(
    title=_("Webhooks"), url="/integrations/webhook-subscriptions/", clause="7.5", icon="send", roles=PROCESS, order=91
)
