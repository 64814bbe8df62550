"""Where certification stands in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.certification.kinds import READERS
from gnomon.standard.plugs import MenuEntry

CONFORMITY_BOARD = MenuEntry(
    title=_("Conformity board"), url="/certification/", clause="", icon="certificate", roles=READERS, order=10
)
AUDIT_PACKS = MenuEntry(
    title=_("Audit packs"), url="/certification/audit-packs/", clause="", icon="package", roles=READERS, order=40
)
