"""What a page is measured by: steps of space, density of rows, the signs that there are."""

from __future__ import annotations

from typing import Any

from gnomon.ui.icons import icon_names
from gnomon.ui.samples.words import sample

PIXELS = (4, 8, 12, 16, 24, 32, 48)  # --s1 … --s7 of gnomon.css


def measure() -> dict[str, Any]:
    """Context of the sections on spacing, density and icons."""
    rows = [("SMP-000001", sample("Mail is slow")), ("SMP-000002", sample("The scanner is dead"))]
    return {
        "steps": [{"number": number, "pixels": pixels} for number, pixels in enumerate(PIXELS, 1)],
        "densities": [
            {"name": "comfortable", "title": sample("Comfortable"), "rows": rows},
            {"name": "compact", "title": sample("Compact"), "rows": rows},
        ],
        "icons": sorted(icon_names()),
    }
