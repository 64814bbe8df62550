"""Imports: what came from where, how each run went, what was noticed, and saved mappings."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField


class ExternalKey(models.Model):
    """Which record came from which record elsewhere, and how much of its story we were told.

    `digest` is over the first `rows` rows of it, so that a file read again brings in only what is new;
    `version` is the record's version when the last of them was written.
    """

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=80)
    external = models.CharField(max_length=300)
    number = models.CharField(max_length=40)
    rows = models.PositiveIntegerField(default=0)
    digest = models.BinaryField(max_length=32)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "source", "external"), name="what_came_from_elsewhere_came_once"),
        )
        indexes = (models.Index(fields=("number",), name="external_keys_of_record"),)

    def __str__(self) -> str:
        return f"{self.source} {self.external} → {self.number}"


class ImportMapping(models.Model):
    """A mapping that people made and saved under a name."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    table = models.JSONField(default=dict)
    actor = models.CharField(max_length=40)
    recorded_at = MomentField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One import of one file, from its arrival through the dry run to the end.

    Progress stands in the same transaction as the records that it tells of.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        TRYING = "trying", _("Being tried")
        TRIED = "tried", _("Tried")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        REFUSED = "refused", _("Refused")

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=80)
    file_name = models.CharField(_("file"), max_length=255)
    path = models.CharField(max_length=500, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    size = models.BigIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    strict = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    actor = models.CharField(max_length=40)
    made_at = MomentField(_("received at"))
    started_at = MomentField(_("started at"), null=True, blank=True)
    finished_at = MomentField(_("finished at"), null=True, blank=True)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    cases_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    refusal = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("sha256", "state"), name="import_runs_of_file"),)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    @property
    def share(self) -> int:
        """How much of the file is read, in per cent."""
        return min(100, round(100 * self.rows_read / self.rows_total)) if self.rows_total else 0


class ImportFinding(models.Model):
    """One thing noticed in a file, by row and column."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="findings")
    severity = models.CharField(max_length=8)
    row = models.PositiveIntegerField(default=0)
    column = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField()
    facts = models.JSONField(default=dict)
    value = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("row", "id")

    def __str__(self) -> str:
        return f"{self.row} {self.column}: {self.says}"

    @property
    def says(self) -> str:
        facts: dict[str, Any] = self.facts
        return _now(self.text) % facts if facts else _now(self.text)
