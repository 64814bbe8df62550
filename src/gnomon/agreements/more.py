"""What the pages of agreements, of teams' agreements and of escalation policies offer beside their moves."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gnomon.records.models import Record
from gnomon.standard.plugs import Actor
from gnomon.ui.tables import Option


def of_agreement(record: Record, _person: Actor) -> Sequence[Option]:
    """The way to what the open clocks would show."""
    return _open_clocks("agreement_consequences", record)


def of_internal_agreement(record: Record, _person: Actor) -> Sequence[Option]:
    """The same for the turns of a team."""
    return _open_clocks("internal_consequences", record)


def of_policy(record: Record, _person: Actor) -> Sequence[Option]:
    """The way to the open records that would follow it."""
    url = reverse("policy_followers", args=[record.number])
    return [Option("open-records", _("Which open records would follow it"), url, icon="flag")]


def _open_clocks(name: str, record: Record) -> Sequence[Option]:
    return [Option("open-clocks", _("What open clocks would show"), reverse(name, args=[record.number]), icon="clock")]
