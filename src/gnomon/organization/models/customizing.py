"""What an organisation sets about the kinds of record: own fields, workflows, level names, permissions (8.1, 5.3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gnomon.organization.kind_fields import (
    KindNameField,
    OptionsField,
    RoleCodeField,
    ScaleField,
    VerbField,
    WorkflowField,
)
from gnomon.records.models import Record


class CustomField(Record):
    """A field that administrators added to a kind; the title is its English name."""

    class Type(models.TextChoices):
        TEXT = "text", _("Text")
        LONG_TEXT = "long_text", _("Long text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        MOMENT = "moment", _("Date and time")
        BOOLEAN = "boolean", _("Yes or no")
        CHOICE = "choice", _("Choice")
        CHOICES = "choices", _("Several choices")
        PERSON = "person", _("Person")

    of_kind = KindNameField(_("kind of record"), max_length=40)
    name = models.SlugField(
        pgettext_lazy("field", "name for programs"), max_length=40, blank=True, db_index=False,
        help_text=_("Small letters, digits and _. Made from the title when left empty; it never changes."),
    )  # fmt: skip
    title_zh = models.CharField(_("Chinese title"), max_length=300, blank=True)
    type = models.CharField(
        pgettext_lazy("field", "type"), max_length=12, choices=Type.choices, default=Type.TEXT,
        help_text=_("It never changes; retire the field and add another instead."),
    )  # fmt: skip
    required = models.BooleanField(_("must be filled"), default=False)
    choices = OptionsField(_("choices"), default=list, blank=True)
    help = models.CharField(_("help"), max_length=300, blank=True)
    help_zh = models.CharField(_("Chinese help"), max_length=300, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Smaller numbers come first."))

    class Meta(Record.Meta):
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        constraints = (
            models.UniqueConstraint(fields=("of_kind", "name"), name="a_custom_field_of_a_kind_has_one_meaning"),
        )


class WorkflowVersion(Record):
    """A version of a kind's workflow; records keep the one that they were born with, until they are migrated."""

    of_kind = KindNameField(_("kind of record"), max_length=40)
    edition = models.PositiveIntegerField(_("version of the workflow"), editable=False)
    table = WorkflowField(_("states and moves"), default=dict, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("workflow version")
        verbose_name_plural = _("workflow versions")
        constraints = (
            models.UniqueConstraint(fields=("of_kind", "edition"), name="a_version_of_a_workflow_is_made_once"),
            models.UniqueConstraint(
                fields=("of_kind",), condition=models.Q(status="in_force"),
                name="one_version_of_a_workflow_is_in_force",
            ),
        )  # fmt: skip


class LevelName(Record):
    """What the organisation calls a level; the title is its English name."""

    scale = ScaleField(_("scale"), max_length=40)
    level = models.PositiveSmallIntegerField(_("level"), help_text=_("1 comes first."))
    title_zh = models.CharField(_("Chinese title"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("name of a level")
        verbose_name_plural = _("names of levels")
        constraints = (models.UniqueConstraint(fields=("scale", "level"), name="a_level_has_one_name_of_its_own"),)


class ChangedPermission(Record):
    """What a role may do with a kind of record where the organisation decided otherwise than usual (5.3)."""

    of_kind = KindNameField(_("kind of record"), max_length=40)
    verb = VerbField(_("verb"), max_length=40, db_index=False)
    role = RoleCodeField(_("role"), max_length=40)
    allowed = models.BooleanField(_("allowed"), default=False)

    class Meta(Record.Meta):
        verbose_name = _("changed permission")
        verbose_name_plural = _("changed permissions")
        constraints = (
            models.UniqueConstraint(fields=("of_kind", "verb", "role"), name="a_permission_is_changed_in_one_place"),
        )
