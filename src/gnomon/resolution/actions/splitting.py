"""Take part of what was said about one incident into an incident of its own (8.6.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.records import actions, permissions
from gnomon.records.actions.write import hold
from gnomon.records.kinds import kind_named
from gnomon.records.models import LedgerEntry
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.merging import all_merged_into
from gnomon.resolution.models import Incident
from gnomon.resolution.relays import SAID
from gnomon.standard.plugs import Actor

COPIED = ("requester", "customer", "service", "channel", "category", "subcategory", "impact", "urgency", "team")
MOST = 500
LARGEST = 2**63 - 1


@transaction.atomic
def split(
    incident: Incident, *, by: Actor, title: str, because: str, entries: Sequence[int] = (), description: str = ""
) -> Incident:
    """Record an incident of its own with the chosen words and files, which stay where they were said.

    `entries` are ledger numbers of comments and files of the incident, or of one merged into it. Merging the
    new incident back undoes the split.
    """
    permissions.require(by, "change", incident.kind)
    if not because.strip():
        raise InvalidFacts(_("Say why it is split."), {"because": _("Say why.")})
    if not entries and not description.strip():
        says = _("Choose at least one comment or file, or describe what the new incident is about.")
        raise InvalidFacts(says, {"entries": says})
    hold(incident)
    carried = _carried(incident, entries)
    copied = {name: getattr(incident, name) for name in COPIED if getattr(incident, name) not in (None, "")}
    new = cast(
        Incident,
        actions.record(
            kind_named("incident"), by=by, because=because, title=title, description=description,
            split_from=incident, carried=carried or None, **copied,
        ),
    )  # fmt: skip
    actions.note(
        incident, "split_off", by=by, because=because, other=[None, new.number], entries=[None, carried]
    )  # fmt: skip
    return new


def _carried(incident: Incident, entries: Sequence[int]) -> list[int]:
    """The chosen entries, each once and in their order; refused when one is not of this incident."""
    wanted = sorted(set(entries))[: MOST + 1]
    if len(wanted) > MOST:
        says = _("At most %(most)d comments and files go along at once.") % {"most": MOST}
        raise InvalidFacts(says, {"entries": says})
    numbers = [incident.number, *(source.number for source in all_merged_into(incident))]
    possible = [one for one in wanted if 0 < one <= LARGEST]
    said = LedgerEntry.objects.filter(sequence__in=possible, number__in=numbers, verb__in=SAID)
    known = set(said.values_list("sequence", flat=True))
    if known != set(wanted):
        says = _("One of the chosen comments or files is not of %(incident)s. Choose again.")
        raise InvalidFacts(says % {"incident": incident.number}, {"entries": says % {"incident": incident.number}})
    return wanted
