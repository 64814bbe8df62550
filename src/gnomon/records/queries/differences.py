"""What became different since somebody looked."""

from __future__ import annotations

from gnomon.records.facts import is_note
from gnomon.records.kinds import Kind
from gnomon.records.models import LedgerEntry

WHO_CAME = frozenset({"joined", "left"})


def only_people_since(kind: Kind, number: str, version: int) -> bool:
    """Whether nothing happened after `version` but that people joined or left: an outage brings them by the dozen."""
    verbs = LedgerEntry.objects.filter(number=number, version__gt=version).values_list("verb", flat=True).distinct()
    return {verb.removeprefix(f"{kind.name}:") for verb in verbs} <= WHO_CAME


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
