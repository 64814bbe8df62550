"""How far an incident reaches and how soon it must be cured (8.6.1 b)."""

from __future__ import annotations

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gnomon.records.levels import called


class Level(models.IntegerChoices):
    """The levels of impact and of urgency, which an organisation may name each in its own way."""

    HIGH = 1, _("High")
    MEDIUM = 2, _("Medium")
    LOW = 3, _("Low")


IMPACT, URGENCY = "impact", "urgency"  # the scales under which the names are kept


def _impact(level: int) -> str:
    return gettext("Impact: %(level)s") % {"level": called(IMPACT, level, Level(level).label)}


def _urgency(level: int) -> str:
    return gettext("Urgency: %(level)s") % {"level": called(URGENCY, level, Level(level).label)}


IMPACTS = tuple((str(level), lazy(_impact, str)(level)) for level in Level.values)
URGENCIES = tuple((str(level), lazy(_urgency, str)(level)) for level in Level.values)
