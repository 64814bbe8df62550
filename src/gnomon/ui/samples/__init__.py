"""Sample values for the style page, so that every component can be seen at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gnomon.ui.samples.forms import SampleForm
from gnomon.ui.samples.graphs import graphs, tiles
from gnomon.ui.samples.stories import entries, story, table
from gnomon.ui.samples.values import clocks, priorities, statuses, values, verdicts
from gnomon.ui.tables import Tab
from gnomon.ui.values import Tag, Who


def samples(now: datetime) -> dict[str, Any]:
    """Context of `ui/style.html`."""
    people = [Who("Alice Chen", "PER-000001"), Who("Bob Lindqvist", "PER-000002"), Who("王晓明", "PER-000006")]
    return {
        "kind": {"title": _("sample"), "plural": _("Samples"), "clause": ""},
        "statuses": statuses(),
        "priorities": priorities(),
        "clocks": clocks(now),
        "verdicts": verdicts(),
        "tags": [Tag(_("plain")), Tag(_("accent"), "accent"), Tag("VIP", "warn", "star"), Tag(_("blocked"), "danger")],
        "people": [
            *people,
            Who(_("Network team"), "TEA-000001", kind="team"),
            Who(_("System"), kind="system"),
        ],
        "values": values(now),
        "colours": ["ground", "surface", "sunken", "ink", "ink-soft", "ink-faint", "line", "accent", "ok-fill",
                    "warn-fill", "danger-fill", "info-fill", "rest-fill"],
        "tabs": [Tab(_("All"), "?", True, 1284), Tab(_("Mine"), "?", count=12), Tab(_("Closed"), "?")],
        "tiles": tiles(),
        "entries": entries(now, people),
        "stories": [story(now)],
        "form": SampleForm(),
        "wrong_form": SampleForm({"title": "", "choice": ""}),
        "graphs": graphs(),
        **table(now, people),
    }  # fmt: skip
