"""What every record has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Phase

if TYPE_CHECKING:
    from gnomon.records.kinds import Kind


class RecordQuerySet(models.QuerySet[Any]):
    """Adjectives that hold for every kind."""

    def visible_to(self, person: Actor) -> Self:
        """What this person may know of; others' records do not exist for them."""
        from gnomon.records.permissions import visible

        return visible(self, person)

    def within_phases(self, *phases: Phase) -> Self:
        from gnomon.records.definitions import within
        from gnomon.records.kinds import kind_of

        return self.filter(status__in=within(kind_of(self.model), *phases))

    def open(self) -> Self:
        """Not yet resolved or closed."""
        return self.within_phases(Phase.OPEN, Phase.WAITING)


class Record(models.Model):
    """A numbered record with a status, an owner and a history in the ledger.

    `version` counts its ledger entries: whoever writes must have seen the latest one.
    """

    number = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=300)
    status = models.CharField(_("status"), max_length=40, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("owner"), db_index=False,
    )  # fmt: skip
    recorded_at = MomentField(_("recorded at"), editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    workflow_version = models.PositiveIntegerField(default=1, editable=False)
    custom = models.JSONField(_("custom fields"), default=dict, blank=True, editable=False)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def kind(self) -> Kind:
        from gnomon.records.kinds import kind_of

        return kind_of(type(self))

    @property
    def phase(self) -> Phase:
        return self.kind.workflow_of(self).phase(self.status)

    @property
    def status_title(self) -> str:
        return str(self.kind.workflow_of(self).state(self.status).title)

    def get_absolute_url(self) -> str:
        return reverse(f"{self.kind.name}-page", args=[self.number])
