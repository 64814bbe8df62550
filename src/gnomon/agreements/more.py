"""What an agreement's page offers beside its moves."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gnomon.records.models import Record
from gnomon.standard.plugs import Actor
from gnomon.ui.tables import Option


def of_agreement(record: Record, _person: Actor) -> Sequence[Option]:
    """The way to what the open clocks would show."""
    url = reverse("agreement_consequences", args=[record.number])
    return [Option("open-clocks", _("What open clocks would show"), url, icon="clock")]
