"""What an organisation says in place of what we would say (7.4)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.records.models import Record


class NoticeField(models.CharField):  # type: ignore[type-arg]
    """Which notice is meant: `incident.solved`; people choose and read what it says by itself."""

    def in_words(self, key: str) -> str:
        """What it says by itself, with the names of its gaps."""
        from gnomon.governance.notices.gaps import filled, gaps_of
        from gnomon.governance.notices.wording import named_notices, usual_wording

        notice = named_notices().get(key)
        if notice is None:
            return key
        gaps = gaps_of(notice)
        return filled(usual_wording(notice).title(), lambda gap: f"‹{gaps.get(gap, gap)}›")

    def formfield(self, **kwargs: Any) -> Any:
        from gnomon.governance.notices.wording import named_notices

        known = [(key, self.in_words(key)) for key in named_notices()]
        return forms.ChoiceField(
            choices=[("", "–"), *known], label=kwargs.get("label", self.verbose_name), required=True
        )


class NoticeText(Record):
    """The words of one notice; the title is its subject in English. Gaps stand in braces, as {number}."""

    notice = NoticeField(_("notice"), max_length=80, unique=True)
    title_zh = models.CharField(_("Chinese subject"), max_length=300, blank=True)
    text = models.TextField(
        _("further words"), blank=True, help_text=_("{text} stands for what somebody wrote. Empty: nothing further."),
    )  # fmt: skip
    text_zh = models.TextField(_("further words in Chinese"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("notice text")
        verbose_name_plural = _("notice texts")
