"""Sample values for the style page, so that every component can be seen at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gnomon.ui.samples.forms import SampleForm
from gnomon.ui.samples.graphs import graphs, tiles
from gnomon.ui.samples.measure import measure
from gnomon.ui.samples.stories import entries, story, table
from gnomon.ui.samples.values import clocks, priorities, statuses, values, verdicts
from gnomon.ui.samples.words import sample
from gnomon.ui.tables import Tab
from gnomon.ui.values import Tag, Who


def samples(now: datetime) -> dict[str, Any]:
    """Context of `ui/style.html`."""
    people = [Who("Alice Chen", "PER-000001"), Who("Bob Lindqvist", "PER-000002"), Who("王晓明", "PER-000006")]
    return {
        "kind": {"title": sample("sample"), "plural": sample("Samples"), "clause": ""},
        "statuses": statuses(),
        "priorities": priorities(),
        "clocks": clocks(now),
        "verdicts": verdicts(),
        "tags": [
            Tag(sample("plain")),
            Tag(sample("accent"), "accent"),
            Tag("VIP", "warn", "star"),
            Tag(sample("blocked"), "danger"),
        ],
        "people": [
            *people,
            Who(sample("Network team"), "TEA-000001", kind="team"),
            Who(sample("System"), kind="system"),
        ],
        "values": values(now),
        "colours": ["ground", "surface", "sunken", "ink", "ink-soft", "ink-faint", "line", "accent", "ok-fill",
                    "warn-fill", "danger-fill", "info-fill", "rest-fill"],
        "tabs": [Tab(sample("All"), "?", True, 1284), Tab(sample("Mine"), "?", count=12), Tab(sample("Closed"), "?")],
        "tiles": tiles(),
        "entries": entries(now, people),
        "stories": [story(now)],
        "form": SampleForm(),
        "wrong_form": SampleForm({"title": "", "choice": ""}),
        "graphs": graphs(),
        **measure(),
        **table(now, people),
    }  # fmt: skip
