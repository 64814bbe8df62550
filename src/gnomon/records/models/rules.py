"""The mark of the rules: another one whenever any of them was changed (records/rules.py)."""

from __future__ import annotations

from django.db import models


class RuleMark(models.Model):
    """The one row; triggers on the tables of rules put another number into it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mark = models.BigIntegerField()
