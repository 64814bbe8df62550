"""Who has a record before their eyes just now."""

from __future__ import annotations

from django.db import models

from gnomon.jobs.moments import MomentField


class Presence(models.Model):
    """A person at a record, looking or editing; true until it has not been said again for a while.

    No evidence of anything, so the ledger does not know of it.
    """

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    person = models.CharField(max_length=40)
    editing = models.BooleanField(default=False)
    seen_at = MomentField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("number", "person"), name="a_person_is_at_a_record_once"),)
        indexes = (models.Index(fields=("kind", "seen_at"), name="presence_by_kind"),)

    def __str__(self) -> str:
        return f"{self.person} at {self.number}"
