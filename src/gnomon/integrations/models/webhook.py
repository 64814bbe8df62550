"""Who outside is told of what happens here, and how that went."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField
from gnomon.records.models import Record


class WebhookSubscription(Record):
    """A receiver of events; it is sent what its owner may see."""

    class Mode(models.TextChoices):
        STRUCTURED = "structured", _("one JSON document")
        BINARY = "binary", _("headers and data apart")

    url = models.CharField(_("address of the receiver"), max_length=1000)
    events = models.TextField(
        _("events"), default="*", help_text=_("One on each line, as KIND:VERB; * stands for all.")
    )
    mode = models.CharField(_("CloudEvents as"), max_length=10, choices=Mode.choices, default=Mode.STRUCTURED)

    class Meta(Record.Meta):
        verbose_name = _("webhook")


class WebhookSecret(models.Model):
    """A key that deliveries are signed with, encrypted; the former one signs beside it for a while."""

    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.PROTECT, related_name="secrets")
    sealed = models.TextField()
    made_at = MomentField()
    until = MomentField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)


class WebhookHealth(models.Model):
    """How a receiver bears up: since when it fails, and until when it is left alone."""

    subscription = models.OneToOneField(
        WebhookSubscription, on_delete=models.PROTECT, primary_key=True, related_name="health"
    )
    failures = models.PositiveIntegerField(default=0)
    failing_since = MomentField(null=True, blank=True)
    rests_until = MomentField(null=True, blank=True)


class WebhookDelivery(models.Model):
    """One event for one receiver: whether it arrived, and if not, why."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        DEAD = "dead", _("given up")
        WITHHELD = "withheld", _("withheld")

    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.PROTECT, related_name="deliveries")
    sequence = models.BigIntegerField(null=True, blank=True)  # of the ledger entry; none for a test
    event = models.CharField(max_length=80)
    about = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    snippet = models.TextField(blank=True, default="")
    made_at = MomentField()
    tried_at = MomentField(null=True, blank=True)
    due_at = MomentField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("subscription", "state", "id"), name="deliveries_of_webhook"),
            models.Index(fields=("state", "made_at"), name="deliveries_by_age"),
        )

    @property
    def message_id(self) -> str:
        """The same for each attempt, so that a receiver can tell what it has seen."""
        return f"{self.subscription.number}-{self.sequence if self.sequence is not None else f'test-{self.pk}'}"
