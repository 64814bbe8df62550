"""Kinds of the service portfolio (8.2)."""

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import AUTHORS, EVERYONE
from gnomon.portfolio.models import Service
from gnomon.portfolio.workflows import SERVICE
from gnomon.records.kinds import Kind

service = Kind(
    name="service",
    model=Service,
    prefix="SVC",
    clause="8.2.2",
    title=_("Service"),
    plural=_("Services"),
    workflow=SERVICE,
    fields=("title", "description", "criticality", "owner", "team", "in_scope"),
    columns=("number", "title", "status", "criticality", "owner", "team"),
    filters=("status", "criticality", "owner", "team"),
    searched=("description",),
    may={
        "read": EVERYONE,
        "create": AUTHORS,
        "change": AUTHORS,
        "comment": AUTHORS,
        "export": AUTHORS,
        "import": AUTHORS,
    },
    requirements=("8.2.2-a", "8.3.3-d"),
    icon="server",
)
