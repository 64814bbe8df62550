"""Whether the records prove what 8.3 asks of customers and agreements, as far as they can.

The register is read from the ledger as it stood at the moment asked about. The default targets are a
proposal that nobody agreed to, so they prove nothing. Measurements against targets (8.3.3 a, b, i) and
service requirements (e) are not kept in this version: no check pretends to know them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gnomon.organization.evidence import active_among
from gnomon.portfolio.evidence import live_services
from gnomon.records.models import Link
from gnomon.records.queries.known import Known, known_at
from gnomon.standard.plugs import Finding, Question, evidence

SLA = "service_level_agreement"
OLA = "operational_level_agreement"


@evidence("7.5.4-h", _("Every live service has an agreement in force that a document is linked with"))
def agreements_are_documented(question: Question) -> Finding:
    agreed = _agreed(question.as_of)
    documented = _with_document(agreed, question.as_of)
    covered = {each.facts.get("service") for number, each in agreed.items() if number in documented}
    live = live_services(question.as_of)
    return Finding(list(live), failed=[number for number in live if number not in covered])


@evidence("7.5.4-j", _("Every team that works under an internal agreement has one that a document is linked with"))
def internal_agreements_are_documented(question: Question) -> Finding:
    teams = _internal_agreements(question.as_of)
    agreed = {n: each for own in teams.values() for n, each in own.items() if each.status == "agreed"}
    documented = _with_document(agreed, question.as_of)
    return Finding(list(teams), failed=[team for team, own in teams.items() if documented.isdisjoint(own)])


@evidence(
    "8.3.2-a",
    _("Every customer has a contact, and an agreement says which service they get"),
    lacks=_("which users and other parties have a stake in the services of a customer"),
)
def customers_are_described(question: Question) -> Finding:
    """By the agreements with them, drafted ones too."""
    customers = _active_customers(question.as_of)
    served = {
        each.facts.get("customer")
        for each in _agreements(question.as_of).values()
        if each.status != "retired" and each.facts.get("service")
    }
    failed = [n for n, each in customers.items() if n not in served or not each.facts.get("contact")]
    return Finding(list(customers), failed=failed, whole=False)


@evidence("8.3.2-a", _("Every live service says which customers it is for"), rule=2)
def live_services_have_customers(question: Question) -> Finding:
    """By the agreements about it, drafted ones too."""
    served = {
        each.facts.get("service")
        for each in _agreements(question.as_of).values()
        if each.status != "retired" and each.facts.get("customer")
    }
    live = live_services(question.as_of)
    return Finding(list(live), failed=[number for number in live if number not in served])


@evidence("8.3.2-b", _("Somebody of ours answers for the relationship with each customer"))
def customers_have_somebody_of_ours(question: Question) -> Finding:
    customers = _active_customers(question.as_of)
    active = active_among((str(each.facts.get("owner")) for each in customers.values()), question.as_of)
    return Finding(
        list(customers), failed=[n for n, each in customers.items() if each.facts.get("owner") not in active]
    )


@evidence("8.3.3-c", _("Both sides agreed on the services that each customer gets"))
def services_are_agreed_with_customers(question: Question) -> Finding:
    """Pairs of a live service and a customer are those that any agreement names, drafted ones too."""
    live = live_services(question.as_of)
    pairs: dict[tuple[str, str], bool] = defaultdict(bool)
    for agreement in _agreements(question.as_of).values():
        service, customer = agreement.facts.get("service"), agreement.facts.get("customer")
        if service and service in live and customer and agreement.status != "retired":
            pairs[service, customer] |= _both_agreed(agreement, question.as_of)
    named = {pair: f"{pair[0]}/{pair[1]}" for pair in pairs}
    return Finding(list(named.values()), failed=[named[pair] for pair, agreed in pairs.items() if not agreed])


@evidence("8.3.3-d", _("Every live service has an agreement in force"))
def live_services_have_an_agreement(question: Question) -> Finding:
    today = timezone.localdate(question.as_of)
    covered = {
        agreement.facts.get("service")
        for agreement in _agreed(question.as_of).values()
        if _day(agreement, "effective_to", date.max) >= today >= _day(agreement, "effective_from", date.min)
    }
    live = live_services(question.as_of)
    return Finding(list(live), failed=[number for number in live if number not in covered])


@evidence("8.3.3-f", _("Every agreement states service level targets"))
def agreements_state_targets(question: Question) -> Finding:
    """A target is a number of minutes to respond or to resolve, for a priority."""
    return _those_without(question, lambda agreement: any(map(_is_target, agreement.facts.get("targets") or ())))


@evidence("8.3.3-g", _("Every agreement states workload limits"))
def agreements_state_workload_limits(question: Question) -> Finding:
    return _those_without(question, lambda agreement: bool(agreement.facts.get("workload_limits")))


@evidence("8.3.3-h", _("Every agreement states its exceptions, or that there are none"))
def agreements_state_exceptions(question: Question) -> Finding:
    return _those_without(question, lambda agreement: agreement.facts.get("exceptions_stated") is True)


@evidence(
    "8.3.4.2-b",
    _("No internal agreement in force has run out"),
    lacks=_("when an internal agreement is next to be reviewed"),
)
def internal_agreements_have_not_run_out(question: Question) -> Finding:
    today = timezone.localdate(question.as_of)
    agreed = {n: each for n, each in known_at(OLA, question.as_of).items() if each.status == "agreed"}
    past = [n for n, each in agreed.items() if _day(each, "effective_to", date.max) < today]
    return Finding(list(agreed), failed=past, whole=False)


@evidence("8.3.4.2-a", _("Every team that works under an internal agreement agreed on targets, work and hand-over"))
def internal_agreements_are_complete(question: Question) -> Finding:
    """Teams named by any internal agreement that is not retired, drafted ones too."""
    teams = _internal_agreements(question.as_of)
    return Finding(
        list(teams), failed=[team for team, own in teams.items() if not any(map(_is_complete, own.values()))]
    )


def _active_customers(as_of: datetime) -> Mapping[str, Known]:
    return {n: each for n, each in known_at("customer", as_of).items() if each.status == "active"}


def _is_complete(agreement: Known) -> bool:
    said = all(str(agreement.facts.get(name, "")).strip() for name in ("activities", "interfaces"))
    return agreement.status == "agreed" and bool(agreement.facts.get("targets")) and said


def _internal_agreements(as_of: datetime) -> Mapping[str, Mapping[str, Known]]:
    """Internal agreements that are not retired, by team."""
    found: dict[str, dict[str, Known]] = defaultdict(dict)
    for number, each in known_at(OLA, as_of).items():
        if each.status != "retired" and each.facts.get("team"):
            found[str(each.facts["team"])][number] = each
    return found


def _with_document(agreements: Mapping[str, Known], as_of: datetime) -> set[str]:
    """Those of the agreements that are linked with a published document."""
    published = {n for n, each in known_at("document", as_of).items() if each.status == "published"}
    there = Link.objects.filter(recorded_at__lte=as_of)
    pairs = list(there.filter(number__in=list(agreements), other_kind="document").values_list("number", "other_number"))
    pairs += there.filter(other_number__in=list(agreements), kind="document").values_list("other_number", "number")
    return {number for number, document in pairs if document in published}


def _those_without(question: Question, states: Callable[[Known], bool]) -> Finding:
    agreed = _agreed(question.as_of)
    return Finding(list(agreed), failed=[number for number, agreement in agreed.items() if not states(agreement)])


def _agreements(as_of: datetime) -> Mapping[str, Known]:
    known = known_at(SLA, as_of)
    return {number: each for number, each in known.items() if not each.facts.get("is_default")}


def _agreed(as_of: datetime) -> Mapping[str, Known]:
    return {number: each for number, each in _agreements(as_of).items() if each.status == "agreed"}


def _both_agreed(agreement: Known, as_of: datetime) -> bool:
    moments = (agreement.facts.get("customer_agreed_at"), agreement.facts.get("provider_agreed_at"))
    return all(moment and datetime.fromisoformat(moment) <= as_of for moment in moments)


def _is_target(row: Mapping[str, Any]) -> bool:
    return any(row.get(name) for name in ("respond_minutes", "resolve_minutes"))


def _day(agreement: Known, name: str, otherwise: date) -> date:
    text = agreement.facts.get(name)
    return date.fromisoformat(text) if text else otherwise
