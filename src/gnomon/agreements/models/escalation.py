"""Escalation policies, and what has become of them on records (8.6.1 c)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.agreements.levels import PRIORITY, Priority
from gnomon.agreements.step_fields import StepsField
from gnomon.records.fields import MomentField
from gnomon.records.levels import LevelField
from gnomon.records.models import Record


class EscalationPolicy(Record):
    """What is done when a clock nears or passes its target, for the records that it names (8.6.1 c).

    Of several that fit a record, the one that names most decides (`escalation.choosing`). Records keep the
    version with which their escalation began.
    """

    sla = models.ForeignKey(
        "agreements.ServiceLevelAgreement", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("only under the agreement"),
    )  # fmt: skip
    service = models.ForeignKey(
        "portfolio.Service", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("only for the service"),
    )  # fmt: skip
    team = models.ForeignKey(
        "organization.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("only for the team"),
    )  # fmt: skip
    priority_at_least = LevelField(
        _("only from this priority"), scale=PRIORITY, choices=Priority.choices, null=True, blank=True
    )
    calendar = models.ForeignKey(
        "organization.WorkCalendar", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("hours for steps that keep them"),
    )  # fmt: skip
    steps = StepsField(_("steps"), default=list, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("escalation policy")
        indexes = (models.Index(fields=("status",), name="escalation_policies_in_force"),)


class Escalation(models.Model):
    """One round of one clock of one record, followed by one version of a policy.

    `next_at` is when its next step falls due; it follows from the clock and is empty while nobody can say.
    `chosen` says why this policy and no other. `depth` counts the escalations that led to this one.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")
        REPLACED = "replaced", _("replaced")
        SUPPRESSED = "suppressed", _("held back")

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    clock = models.CharField(_("clock"), max_length=20)
    turn = models.PositiveIntegerField(default=0)
    cycle_at: MomentField[Any, Any] = MomentField()
    policy = models.CharField(max_length=40)
    policy_version = models.PositiveIntegerField()
    calendar_version = models.PositiveIntegerField(null=True)
    chosen = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RUNNING)
    begun_at: MomentField[Any, Any] = MomentField()
    next_at: MomentField[Any, Any] = MomentField(null=True)
    depth = models.PositiveSmallIntegerField(default=0)
    cause = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="effects")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("number", "clock", "turn", "cycle_at", "policy"), name="a_policy_follows_a_round_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("next_at",), name="escalations_due",
                condition=models.Q(state="running", next_at__isnull=False),
            ),
            models.Index(fields=("state", "-id"), name="escalations_by_state"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.clock} {self.policy} {self.state}"


class EscalationStep(models.Model):
    """One step of an escalation and what has become of it; done at most once, whoever died over it.

    `told` are the people who were told; of a call, in the order in which they were called.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CALLING = "calling", _("calling")
        DONE = "done", _("done")
        SKIPPED = "skipped", _("left out")
        FAILED = "failed", _("failed")

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    table = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PLANNED)
    due_at: MomentField[Any, Any] = MomentField(null=True)
    ran_at: MomentField[Any, Any] = MomentField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    told = models.JSONField(default=list)
    why = models.CharField(max_length=40, blank=True, default="")
    error = models.TextField(blank=True, default="")
    next_call_at: MomentField[Any, Any] = MomentField(null=True)
    acknowledged_by = models.CharField(max_length=40, blank=True, default="")
    acknowledged_at: MomentField[Any, Any] = MomentField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("escalation", "position"), name="a_step_stands_once"),)
        indexes = (
            models.Index(
                fields=("next_call_at",), name="calls_under_way", condition=models.Q(next_call_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.escalation_id} {self.position} {self.state}"
