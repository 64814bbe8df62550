"""Where certification stands in the menu, and what waits for whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.certification.kinds import READERS
from gnomon.certification.workflows import JUDGES
from gnomon.standard.plugs import Actor, MenuEntry, MyWork


def to_judge(person: Actor) -> int:
    """How many requirements this person should judge or attest now."""
    from gnomon.certification.queries.attestations import pressing

    return len(pressing(person))


CONFORMITY_BOARD = MenuEntry(
    title=_("Conformity board"), url="/certification/", clause="", icon="certificate", roles=READERS, order=10
)
AUDIT_PACKS = MenuEntry(
    title=_("Audit packs"), url="/certification/audit-packs/", clause="", icon="package", roles=READERS, order=40
)
SAMPLES = MenuEntry(
    title=_("Samples"), url="/certification/samples/", clause="", icon="checklist", roles=READERS, order=14
)
ATTESTATIONS = MenuEntry(
    title=_("Attestations"), url="/certification/attestations", clause="", icon="gavel", roles=READERS, order=12
)
TO_JUDGE = MyWork(
    title=_("Requirements to judge"),
    count=to_judge,
    url="/certification/attestations?mine=1",
    icon="gavel",
    roles=JUDGES,
)
