"""Whether the records prove what 8.2 asks of services, as far as they are kept here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from gnomon.organization.evidence import active_among
from gnomon.records.queries.known import Known, known_at
from gnomon.standard.plugs import Finding, Question, evidence


@evidence("8.2.1-b", _("Every live service has an owner who is with us"), rule=2)
def live_services_have_an_active_owner(question: Question) -> Finding:
    live = live_services(question.as_of)
    active = active_among((str(each.facts.get("owner")) for each in live.values()), question.as_of)
    return Finding(
        list(live), failed=[number for number, each in live.items() if each.facts.get("owner") not in active]
    )


def live_services(as_of: datetime) -> Mapping[str, Known]:
    """Live services in scope, as they stood at a moment."""
    known = known_at("service", as_of)
    return {number: each for number, each in known.items() if each.status == "live" and each.facts.get("in_scope")}
