"""Lines of the menu for 8.2."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import EVERYONE
from gnomon.standard.plugs import MenuEntry

SERVICES = MenuEntry(title=_("Services"), url="/portfolio/services/", clause="8.2.2", icon="server", roles=EVERYONE)
