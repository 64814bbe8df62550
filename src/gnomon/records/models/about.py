"""What hangs on any record: comments, attachments, links, participants."""

from __future__ import annotations

import mimetypes

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField


class Comment(models.Model):
    """Words said about a record, to everyone who sees it or among staff only."""

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    text = models.TextField(_("text"))
    internal = models.BooleanField(_("internal"), default=False)
    actor = models.CharField(max_length=40)
    happened_at = MomentField()
    recorded_at = MomentField()
    entry = models.BigIntegerField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("number", "id"), name="comments_of_record"),)


class Attachment(models.Model):
    """A file on a record, stored once by its SHA-256; `known` when it was there before somebody attached it again."""

    known: bool = False

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    internal = models.BooleanField(default=False)
    actor = models.CharField(max_length=40)
    recorded_at = MomentField()
    entry = models.BigIntegerField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("number", "id"), name="attachments_of_record"),)

    @property
    def media_type(self) -> str:
        """By the ending of its name, which the ledger tells: how a file is served rests on nothing else."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


class Link(models.Model):
    """A free relation between two records of any kind."""

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    relation = models.CharField(max_length=40)
    other_kind = models.CharField(max_length=40)
    other_number = models.CharField(max_length=40)
    actor = models.CharField(max_length=40)
    recorded_at = MomentField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("number", "relation", "other_number"), name="a_link_is_made_once"),
        )
        indexes = (models.Index(fields=("other_number",), name="links_to_record"),)


class Participant(models.Model):
    """A person with a part in a record: requester, watcher, approver…"""

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    person = models.CharField(max_length=40)
    part = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("number", "person", "part"), name="a_part_is_given_once"),)
        indexes = (models.Index(fields=("person", "kind"), name="parts_of_person"),)
