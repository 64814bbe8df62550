"""What an erasure would erase, and what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gnomon.governance.models import Erasure
from gnomon.records.erasing import Held, holdings


@dataclass(frozen=True, slots=True)
class Preview:
    """The values that would go, those that were left out, and why it cannot be done yet."""

    held: tuple[Held, ...]
    left_out: tuple[Held, ...]
    refusals: tuple[str, ...]

    @property
    def records(self) -> int:
        return len({one.number for one in self.held})


def preview(erasure: Erasure) -> Preview:
    """Look through the whole ledger; nothing is changed."""
    out = set(erasure.left_out.upper().split())
    found = [
        one
        for one in holdings(erasure.person, written=erasure.written, named=erasure.named)
        if one.kind != "erasure"  # what was asked and why must remain
    ]
    held = tuple(one for one in found if one.number not in out)
    return Preview(held, tuple(one for one in found if one.number in out), _refusals(held))


def _refusals(held: tuple[Held, ...]) -> tuple[str, ...]:
    """Each obstacle once, with the records that it holds up."""
    numbers: dict[str, list[str]] = {}
    for one in held:
        if one.refusal:
            numbers.setdefault(one.refusal, []).append(one.number)
    return tuple(
        says
        if all(number in says for number in some)
        else _("%(number)s: %(says)s") % {"number": some[0], "says": says}
        for says, some in numbers.items()
    )


def as_plain(erasure: Erasure, found: Preview) -> dict[str, Any]:
    """A preview for programs."""
    return {
        "number": erasure.number, "status": erasure.status, "person": erasure.person.number,
        "values_erased": erasure.values_erased, "records_blanked": erasure.records_blanked,
        "values": [
            {"number": one.number, "kind": one.kind, "field": one.field.lstrip("#:"), "said": one.note,
             "versions": list(one.versions), "why": one.why, "value": one.shown, "refusal": one.refusal}
            for one in found.held
        ],
        "left_out": sorted({one.number for one in found.left_out}), "refusals": list(found.refusals),
    }  # fmt: skip
