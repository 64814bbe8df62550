"""What became different since somebody looked."""

from __future__ import annotations

from gnomon.records.facts import is_note
from gnomon.records.kinds import Kind
from gnomon.records.models import LedgerEntry


def changes_since(kind: Kind, number: str, version: int) -> tuple[dict[str, tuple[object, object]], str]:
    """The fields that changed after `version` (field → value then, value now), and who wrote last."""
    changed: dict[str, tuple[object, object]] = {}
    actor = ""
    for entry in LedgerEntry.objects.filter(number=number, version__gt=version).order_by("version"):
        actor = entry.actor
        if is_note(entry.verb):
            continue
        for name, (old, new) in entry.changes.items():
            changed[name] = (changed[name][0] if name in changed else old, new)
    return changed, actor
