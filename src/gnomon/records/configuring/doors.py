"""Who may take the configuration out and bring one in: asked at every door before anything else."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gnomon.records.actors import is_system
from gnomon.records.kinds import kind_named
from gnomon.records.permissions import may
from gnomon.records.refusals import NotAllowed
from gnomon.standard.plugs import Actor


def may_configure(person: Actor) -> bool:
    """Whether this person sets how processes run: such people add custom fields too."""
    return is_system(person) or may(person, "create", kind_named("custom_field"))


def require_configuring(person: Actor) -> None:
    """Refuse with a sentence those who do not set how processes run."""
    if not may_configure(person):
        raise NotAllowed(_("Only process managers and administrators set the configuration. Ask one of them."))
