"""What judges are told (7.4)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Notice

LAPSES = Notice(
    "judgement", "", _("Your judgement on %(id)s lapses on %(day)s: judge it again"),
    gaps={"id": _("Requirement"), "day": _("Last day")}, name="lapses",
)  # fmt: skip
