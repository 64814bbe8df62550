"""That what measures said of each day is still what it was (9.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField
from gnomon.records.models import Record


class SnapshotSeal(Record):
    """What measures said of days since the seal before, as a digest: snapshots `snapshots_after` < id ≤ `snapshots_to`."""

    snapshots_after = models.BigIntegerField(_("after snapshot"), default=0, editable=False)
    snapshots_to = models.BigIntegerField(_("up to snapshot"), default=0, editable=False)
    sealed_until = MomentField(_("sealed until"), editable=False)
    taken = models.BigIntegerField(_("snapshots taken"), default=0, editable=False)
    taken_digest = models.CharField(_("digest of the snapshots"), max_length=64, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("seal of snapshots")
        verbose_name_plural = _("seals of snapshots")
