"""What was answered to requests that may be sent again."""

from __future__ import annotations

from django.db import models

from gnomon.jobs.moments import MomentField


class KeptAnswer(models.Model):
    """The answer to a request with an Idempotency-Key, stored in the transaction of what it did."""

    person = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    made_at = MomentField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "key"), name="a_key_is_answered_once"),)
        indexes = (models.Index(fields=("made_at",), name="kept_answers_by_age"),)
