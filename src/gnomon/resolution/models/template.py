"""Words and facts that are ready for the next incident (8.6.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.levels import LevelField
from gnomon.records.models import Record
from gnomon.resolution.levels import IMPACT, URGENCY, Level
from gnomon.resolution.models.incident import Channel


class ReplyTemplate(Record):
    """A ready reply in one or both languages, with gaps such as {requester} that the record fills."""

    title_zh = models.CharField(_("title in Chinese"), max_length=300, blank=True)
    text = models.TextField(
        _("text"),
        blank=True,
        help_text=_("Gaps such as {requester}, {number} and {due} are filled from the record."),
    )
    text_zh = models.TextField(_("text in Chinese"), blank=True)
    category = models.CharField(
        _("category"), max_length=120, blank=True, help_text=_("Offered only for this category; empty for all.")
    )
    team = models.ForeignKey(
        "organization.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"),
        help_text=_("Offered only for records of this team; empty for all."),
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("reply template")


class IncidentTemplate(Record):
    """Facts that a new incident of a common sort begins with."""

    subject = models.CharField(_("title of the incident"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    service = models.ForeignKey(
        "portfolio.Service",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
    )
    category = models.CharField(_("category"), max_length=120, blank=True)
    subcategory = models.CharField(_("subcategory"), max_length=120, blank=True)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, blank=True)
    impact = LevelField(_("impact"), scale=IMPACT, choices=Level.choices, null=True, blank=True)
    urgency = LevelField(_("urgency"), scale=URGENCY, choices=Level.choices, null=True, blank=True)
    team = models.ForeignKey(
        "organization.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )

    class Meta(Record.Meta):
        verbose_name = _("incident template")
