"""Imports and deliveries that the worker carries out, so that nobody waits for a page."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.integrations.actions import carry_out_run, try_run
from gnomon.integrations.webhooks.delivering import deliver
from gnomon.integrations.webhooks.queueing import DELIVER, forget_deliveries
from gnomon.standard.plugs import Job

IMPORT = Job("integrations:import", carry_out_run, title=_("Import a file"))
TRY = Job("integrations:try_import", try_run, title=_("Try an import"))
WEBHOOK = Job(DELIVER, deliver, title=_("Tell a receiver outside"))
FORGET_DELIVERIES = Job(
    "integrations:forget_deliveries", forget_deliveries, every=timedelta(days=1), title=_("Forget old deliveries")
)
