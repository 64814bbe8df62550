"""What owners of connections are told (7.4)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Notice

DISABLED = Notice(
    "webhook_subscription", "", _("%(number)s was disabled: its receiver does not answer."), passes_on=True,
    name="disabled",
)  # fmt: skip
