"""Let a record live by another version of its workflow."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.records.actions.checking import checked_reason
from gnomon.records.actions.thinking import Alteration
from gnomon.records.kinds import kind_of
from gnomon.records.models import Record
from gnomon.records.refusals import MoveRefused
from gnomon.standard.plugs import Actor

MIGRATED = "migrated"


@transaction.atomic
def migrate(record: Record, version: int, *, by: Actor, status: str = "", because: str) -> Record:
    """Take a record to another version of its workflow, where need be to the state that stands for its own.

    The phase stays as it was, or clocks and measures would tell another story of what nobody did. Who may put
    versions in force is asked by whoever calls.
    """
    kind = kind_of(type(record))
    target = kind.workflow_version(version)
    wanted = status or record.status
    try:
        state = target.state(wanted)
    except LookupError:
        raise MoveRefused(
            _("%(record)s stands at %(status)s, which the other version does not have. Choose a state for it.")
            % {"record": record.number, "status": record.status_title}
        ) from None
    if state.phase is not record.phase:
        raise MoveRefused(
            _("%(record)s would change its phase from %(before)s to %(after)s. Choose a state of the same phase.")
            % {"record": record.number, "before": record.phase, "after": state.phase}
        )
    facts = {"workflow_version": version, "status": wanted}
    return Alteration(kind, record, MIGRATED, None, by, None, checked_reason(because), None, facts).write()
