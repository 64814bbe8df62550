"""Whether the records prove what 8.2 asks of services, as far as they are kept here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from gnomon.organization.evidence import active_among, roles_held, roles_in_use
from gnomon.organization.roles import EXTERNAL_AUDITOR, REQUESTER
from gnomon.records.queries.known import Known, known_at
from gnomon.standard.plugs import Finding, Question, evidence

# Whoever asks for services, and whoever comes to audit, plays no part in running the management system.
OUTSIDE = {REQUESTER, EXTERNAL_AUDITOR}


@evidence("8.2.1-b", _("Every live service has an owner who is with us"), rule=2)
def live_services_have_an_active_owner(question: Question) -> Finding:
    live = live_services(question.as_of)
    return Finding(list(live), failed=_without_owner(live, question.as_of))


@evidence(
    "8.2.2-c",
    _("Every live service has a criticality"),
    lacks=_("why a service is rated so, and when that was reviewed"),
)
def live_services_are_rated(question: Question) -> Finding:
    live = live_services(question.as_of)
    return Finding(
        list(live), failed=[number for number, each in live.items() if not each.facts.get("criticality")], whole=False
    )


@evidence(
    "5.1-l",
    _("Every live service has somebody who leads it"),
    lacks=_("who leads each process of the management system"),
)
def services_are_led(question: Question) -> Finding:
    live = live_services(question.as_of)
    return Finding(list(live), failed=_without_owner(live, question.as_of), whole=False)


@evidence(
    "5.3-c",
    _("Every role in use and every live service is given to somebody who is with us"),
    rule=2,
    lacks=_("to whom each process of the management system is given"),
)
def roles_and_services_are_given(question: Question) -> Finding:
    """A role is given by a responsibility or to the person; those of people outside wait for nobody."""
    live, roles = live_services(question.as_of), roles_in_use(question.as_of)
    roles = {number: each for number, each in roles.items() if each.facts.get("code") not in OUTSIDE}
    vacant = set(roles) - roles_held(question.as_of)
    return Finding([*roles, *live], failed=[*vacant, *_without_owner(live, question.as_of)], whole=False)


def _without_owner(services: Mapping[str, Known], as_of: datetime) -> Sequence[str]:
    active = active_among((str(each.facts.get("owner")) for each in services.values()), as_of)
    return [number for number, each in services.items() if each.facts.get("owner") not in active]


def live_services(as_of: datetime) -> Mapping[str, Known]:
    """Live services in scope, as they stood at a moment."""
    known = known_at("service", as_of)
    return {number: each for number, each in known.items() if each.status == "live" and each.facts.get("in_scope")}
