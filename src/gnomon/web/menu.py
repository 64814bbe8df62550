"""The front door's own lines in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import MenuEntry

HOME = MenuEntry(title=_("Home"), url="/", clause="", icon="home", order=1)
SEARCH = MenuEntry(title=_("Search"), url="/search", clause="", icon="search", order=2)
