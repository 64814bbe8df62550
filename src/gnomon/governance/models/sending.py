"""What went out to people by mail and other channels, and how each likes to be told (7.4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gnomon.governance.models.message import Receipt
from gnomon.jobs.moments import MomentField


class Sending(models.Model):
    """One message on its way to one person by one channel; there is never a second one.

    `begun` is stored before the channel is used: a process that ends between sending and marking leaves it so.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("message", "waiting")
        BEGUN = "begun", pgettext_lazy("message", "on its way")
        SENT = "sent", pgettext_lazy("message", "sent")
        FAILED = "failed", pgettext_lazy("message", "failed")
        UNSURE = "unsure", pgettext_lazy("message", "perhaps sent")
        SPARED = "spared", pgettext_lazy("message", "not sent")

    class Held(models.TextChoices):
        NOT = "", ""
        QUIET = "quiet", _("until quiet hours end")
        DIGEST = "digest", _("for the digest")

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="sendings")
    channel = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    held = models.CharField(max_length=10, choices=Held.choices, blank=True, default="")
    due_at = MomentField()
    begun_at = MomentField(null=True, blank=True)
    sent_at = MomentField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    message_id = models.CharField(max_length=200, blank=True, default="")
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("receipt", "channel"), name="a_message_goes_once_by_each_channel"),
        )
        indexes = (
            models.Index(fields=("state", "due_at"), name="sendings_by_state"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.receipt} by {self.channel}: {self.state}"


class NoticePreference(models.Model):
    """How a person likes to be told: topic → channel → at_once, digest or never; and when not to be disturbed."""

    person = models.CharField(max_length=40, unique=True)
    choices = models.JSONField(default=dict)
    working_hours = models.ForeignKey(
        "organization.WorkCalendar", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    digest_hour = models.PositiveSmallIntegerField(default=9)

    def __str__(self) -> str:
        return self.person
