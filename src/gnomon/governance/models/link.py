"""Links that were sent to one person for one purpose (7.4)."""

from __future__ import annotations

from django.db import models

from gnomon.jobs.moments import MomentField


class SentLink(models.Model):
    """A link that opens one record for one person and one purpose without signing in.

    Only the SHA-256 of its secret is kept, so whoever reads the database cannot open it.
    """

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=40)
    person = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    made_at = MomentField()
    expires_at = MomentField()
    used_at = MomentField(null=True, blank=True)
    revoked_at = MomentField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("number", "person"), name="links_sent_about_record"),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.number} → {self.person}"
