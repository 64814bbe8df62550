"""Write the ledger of a kind as an event log in XES (IEEE 1849), people under pseudonyms."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any
from xml.sax.saxutils import quoteattr

from django.conf import settings
from django.db.models import QuerySet

from gnomon.records.facts import moment_text
from gnomon.records.kinds import Kind
from gnomon.records.ledger.keys import seal_key
from gnomon.records.models import LedgerEntry
from gnomon.standard.plugs import Actor

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xes.features="nested-attributes">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <global scope="trace"><string key="concept:name" value=""/></global>
  <global scope="event">
    <string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
"""
# What tells how a case went, and names nobody and says nothing that was written about somebody.
TOLD = ("status", "priority", "impact", "urgency", "category", "subcategory", "waiting_reason", "channel")


def event_log(kind: Kind, person: Actor) -> Iterator[str]:
    """The log in pieces: a trace for each record that the person may see, an event for each ledger entry."""
    titles = {move.name: str(move.title) for move in kind.workflow.moves}
    seen: QuerySet[Any] = kind.model.objects.visible_to(person)
    entries = LedgerEntry.objects.filter(kind=kind.name, number__in=seen.values("number")).order_by("number", "version")
    yield HEAD
    yield f"  {_text('concept:name', str(kind.plural))}\n"
    for number, told in groupby(entries.iterator(chunk_size=2000), key=attrgetter("number")):
        events = "".join(_event(entry, titles) for entry in told)
        yield f"  <trace>{_text('concept:name', number)}\n{events}  </trace>\n"
    yield "</log>\n"


def pseudonym(actor: str) -> str:
    """The same stranger for the same person in every log of this installation, and nobody outside it can tell who."""
    key = seal_key(settings.HOME / "keys")
    return "u-" + hmac.new(key, f"xes:{actor}".encode(), "sha256").hexdigest()[:12]


def _event(entry: LedgerEntry, titles: dict[str, str]) -> str:
    verb = entry.verb.partition(":")[2]
    changes = entry.changes
    facts = [
        _text(name, str(changes[name][1])) for name in TOLD if name in changes and changes[name][1] not in (None, "")
    ]
    team = changes.get("team", [None, None])[1]
    group = [_text("org:group", team)] if team else []
    return (
        "    <event>"
        + _text("concept:name", titles.get(verb, verb))
        + _text("lifecycle:transition", "complete")
        + _text("org:resource", pseudonym(entry.actor))
        + f'<date key="time:timestamp" value="{moment_text(entry.happened_at)}"/>'
        + "".join([*group, *facts])
        + "</event>\n"
    )


def _text(key: str, value: str) -> str:
    clean = "".join(c for c in value if c in "\t\n\r" or c >= " ")  # XML has no way to say the other controls
    return f"<string key={quoteattr(key)} value={quoteattr(clean)}/>"
