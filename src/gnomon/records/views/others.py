"""Words that were said on other records and belong in the timeline of this one as well."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from gnomon.records.kinds import Kind
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.permissions import may
from gnomon.records.sorts import sort_of
from gnomon.records.timelines import timeline
from gnomon.standard.plugs import Actor
from gnomon.ui.timeline import Entry
from gnomon.ui.values import Ref


def with_others(
    kind: Kind, record: Record, entries: Sequence[Entry], rows: Sequence[LedgerEntry], chosen: Container[str], *,
    to: Actor, more: bool, first: bool,
) -> list[Entry]:  # fmt: skip
    """The entries with those of other records among them, as far back as the window reaches."""
    told = kind.told_with(record, to) if kind.told_with is not None else ()
    others: list[Entry] = []
    for other, said in told:
        within = [
            entry
            for entry in said
            if sort_of(entry) in chosen
            and not (rows and more and entry.happened_at < rows[-1].happened_at)
            and not (rows and not first and entry.happened_at >= rows[0].happened_at)
        ]
        others += _told(kind, other, within, to)
    return sorted([*entries, *others], key=lambda one: one.at, reverse=True) if others else list(entries)


def _told(kind: Kind, other: Record, said: Sequence[LedgerEntry], to: Actor) -> list[Entry]:
    staff = may(to, "read", kind)
    # Whoever may not open the other record learns nothing of it but the words.
    way = Ref(other.number, other.title, f"{other.get_absolute_url()}?stay=1") if staff else None
    return [
        replace(entry, way=way, anchor=f"{other.number}-{entry.anchor}" if staff else "")
        for entry in timeline(kind, other, said, to=to, internal=staff)
    ]
