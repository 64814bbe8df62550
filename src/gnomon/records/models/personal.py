"""What one person keeps for themself; no part of any record, and so of no ledger."""

from __future__ import annotations

from django.db import models

from gnomon.jobs.moments import MomentField


class Preference(models.Model):
    """How one person likes something shown."""

    person = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    value = models.CharField(max_length=400)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "name"), name="a_preference_is_said_once"),)


class Draft(models.Model):
    """What one person typed into a form and has not sent; kept for a while, and for nobody else.

    `place` is the address of the form, `values` the fields that were altered, `version` that of the record then.
    """

    person = models.CharField(max_length=40)
    place = models.CharField(max_length=400)
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_at = MomentField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "place"), name="a_draft_is_kept_once"),)
        indexes = (models.Index(fields=("saved_at",), name="drafts_by_age"),)
