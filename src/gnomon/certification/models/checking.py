"""A run that somebody asked for, while it is being made."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField


class Checking(models.Model):
    """What was asked for, how far it is, and the run that came of it or why none did; it proves nothing."""

    asked_by = models.CharField(max_length=40)
    asked_at = MomentField()
    clause = models.CharField(max_length=20, blank=True, default="")
    as_of = MomentField(null=True)
    full = models.BooleanField(default=False)
    started_at = MomentField(null=True)
    finished_at = MomentField(null=True)
    done = models.PositiveIntegerField(_("checks done"), default=0)
    total = models.PositiveIntegerField(_("checks in all"), default=0)
    doing = models.CharField(max_length=30, blank=True, default="")
    run = models.CharField(max_length=40, blank=True, default="")
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = (models.Index(fields=("finished_at", "-id"), name="checkings_under_way"),)

    def __str__(self) -> str:
        return f"{self.clause or '4–10'} {self.done}/{self.total}"
