"""What comes first: targets are agreed by priority (8.3.3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.levels import named_levels


class Priority(models.IntegerChoices):
    """What comes first; an organisation may call them otherwise, and there are always four."""

    CRITICAL = 1, _("Critical")
    HIGH = 2, _("High")
    MODERATE = 3, _("Moderate")
    LOW = 4, _("Low")


PRIORITY = "priority"  # the scale under which the names are kept
PRIORITIES = dict(named_levels(PRIORITY, Priority.choices))
