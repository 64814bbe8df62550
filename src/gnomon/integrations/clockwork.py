"""Imports that the worker carries out, so that nobody waits for a page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.integrations.actions import carry_out_run, try_run
from gnomon.standard.plugs import Job

IMPORT = Job("integrations:import", carry_out_run, title=_("Import a file"))
TRY = Job("integrations:try_import", try_run, title=_("Try an import"))
