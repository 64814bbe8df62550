"""The outbox of work to do, and when each schedule is next due."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField


class State(models.TextChoices):
    """Where a job stands; `dead` waits for a person."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    DEAD = "dead", _("dead")


class QueuedJob(models.Model):
    """One piece of work, stored in the transaction that caused it."""

    name = models.CharField(_("name"), max_length=100)
    facts = models.JSONField(_("facts"), default=dict)
    key = models.CharField(_("key"), max_length=200, null=True, blank=True)  # null: nobody else has none
    once = models.BooleanField(_("only once"), default=False)
    cause = models.CharField(_("cause"), max_length=200, blank=True)
    created_at = MomentField(_("created at"))
    run_after = MomentField(_("run after"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    worker = models.CharField(_("worker"), max_length=100, blank=True)
    lease_until = MomentField(_("lease until"), null=True, blank=True)
    started_at = MomentField(_("started at"), null=True, blank=True)
    finished_at = MomentField(_("finished at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    revived_by = models.CharField(_("revived by"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = (
            # Only of jobs never begun: one that failed goes back to waiting whatever was stored meanwhile.
            models.UniqueConstraint(
                fields=["name", "key"],
                condition=Q(state="waiting", attempts=0),
                name="untried_job_has_its_key_alone",
            ),
            models.UniqueConstraint(fields=["name", "key"], condition=Q(once=True), name="once_only_job_never_again"),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="running_job_alone_has_a_lease",
            ),
            models.CheckConstraint(condition=Q(once=False) | Q(key__isnull=False), name="once_only_job_has_a_key"),
        )
        # The order in which workers claim; also answers what is due next, the queue's age and the counts.
        indexes = (models.Index(fields=["state", "run_after", "id"], name="job_claim_order"),)

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class Schedule(models.Model):
    """When a job that repeats is next due; the row is locked while a worker stores its next run."""

    name = models.CharField(_("name"), max_length=100, primary_key=True)
    next_run = MomentField(_("next run"))

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")

    def __str__(self) -> str:
        return self.name
