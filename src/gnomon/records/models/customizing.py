"""What an organisation adds to a kind: fields, views, versions of its workflow."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField


class CustomField(models.Model):
    """A field that administrators added to a kind."""

    class Type(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        BOOLEAN = "boolean", _("Yes or no")
        CHOICE = "choice", _("Choice")

    kind = models.CharField(max_length=40)
    name = models.SlugField(max_length=40)
    title_en = models.CharField(max_length=80)
    title_zh = models.CharField(max_length=80, blank=True, default="")
    type = models.CharField(max_length=10, choices=Type.choices, default=Type.TEXT)
    required = models.BooleanField(default=False)
    choices = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("kind", "name"), name="a_custom_field_has_one_meaning"),)


class SavedView(models.Model):
    """A list with its filters, order and columns under a name; a person's own, or shared."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    query = models.TextField()
    person = models.CharField(max_length=40)
    shared = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("kind", "person", "name"), name="a_view_name_is_used_once"),)


class WorkflowVersion(models.Model):
    """A version of a kind's workflow that administrators made; records keep the one they were born with."""

    kind = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    table = models.JSONField()
    recorded_at = MomentField()
    actor = models.CharField(max_length=40)
    in_force = models.BooleanField(default=True)

    class Meta:
        ordering = ("kind", "version")
        constraints = (models.UniqueConstraint(fields=("kind", "version"), name="a_workflow_version_is_made_once"),)
