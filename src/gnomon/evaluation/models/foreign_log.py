"""Event logs from elsewhere that people look at without importing them (8.1, 9.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField


class ForeignLog(models.Model):
    """A file that somebody sent to look at: seen by them alone, and forgotten on a day.

    It is no record of the organization and stands in no ledger: nothing comes of it. `look` is what was found in it,
    as `mining.looks` writes it; the events themselves stand in a file beside the database.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the worker")
        READ = "read", _("Read through")
        REFUSED = "refused", _("Cannot be read")

    actor = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=500)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    columns = models.JSONField(default=dict)
    look = models.JSONField(default=dict)
    says = models.TextField(blank=True)
    made_at = MomentField()
    read_at = MomentField(null=True)
    expires_at = MomentField()

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = (
            models.Index(fields=("actor", "-made_at"), name="foreign_logs_of_person"),
            models.Index(fields=("expires_at",), name="foreign_logs_to_forget"),
        )

    def __str__(self) -> str:
        return self.name
