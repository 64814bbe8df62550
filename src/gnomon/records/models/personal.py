"""What one person keeps for themself; no part of any record, and so of no ledger."""

from __future__ import annotations

from django.db import models


class Preference(models.Model):
    """How one person likes something shown."""

    person = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    value = models.CharField(max_length=400)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "name"), name="a_preference_is_said_once"),)
