"""What is like an incident, and how often its like came lately, on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gnomon.records.models import Record
from gnomon.records.panels import Panel
from gnomon.records.permissions import may
from gnomon.resolution.models import Incident
from gnomon.resolution.queries.similar import DAYS, Similar, cluster_of, similar_to
from gnomon.standard.plugs import Actor
from gnomon.ui.values import Ref


def alike(record: Record, person: Actor) -> Mapping[str, Any] | None:
    """The incidents most like this one, to be linked in one step, and whether it recurs."""
    assert isinstance(record, Incident)
    found, cluster = similar_to(record), cluster_of(record, person)
    if not found and cluster is None:
        return None
    here = record.get_absolute_url()
    return {
        "similar": [_shown(record, one, here) for one in found], "cluster": cluster, "days": DAYS,
        "link_url": f"{here}/link" if may(person, "comment", record.kind) else "",
    }  # fmt: skip


def _shown(record: Incident, one: Similar, here: str) -> dict[str, Any]:
    url = f"{here.rpartition('/')[0]}/{one.number}"
    try:
        status = str(record.kind.workflow.state(one.status).title)
    except LookupError:  # a state of another version of the workflow
        status = one.status
    return {"ref": Ref(one.number, one.title, url), "status": status, "resolution": one.resolution}


SIMILAR = Panel(kind="incident", name="similar", template="resolution/_similar.html", context=alike, order=200)
