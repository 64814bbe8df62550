"""The front door's own lines in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import PROCESS
from gnomon.standard.plugs import MenuEntry

HOME = MenuEntry(title=_("Home"), url="/", clause="", icon="home", order=1)
ADMINISTRATION = MenuEntry(
    title=_("Administration"), url="/administration/", clause="", icon="settings", roles=PROCESS, order=90
)
SEARCH = MenuEntry(title=_("Search"), url="/search", clause="", icon="search", order=2)
