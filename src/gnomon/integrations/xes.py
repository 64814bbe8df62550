"""Write the ledger of a kind as an event log in XES (IEEE 1849), people under pseudonyms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gnomon.integrations.told import Event, courses
from gnomon.integrations.xml_words import in_xml
from gnomon.records.kinds import Kind
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


def event_log(kind: Kind, person: Actor, parameters: Mapping[str, Sequence[str]] | None = None) -> Iterator[str]:
    """The log in pieces: a trace for each record of the person's list, an event for each ledger entry."""
    yield HEAD
    yield f"  {_text('concept:name', str(kind.plural))}\n"
    for number, told in courses(kind, person, parameters or {}):
        yield f"  <trace>{_text('concept:name', number)}\n{''.join(map(_event, told))}  </trace>\n"
    yield "</log>\n"


def _event(one: Event) -> str:
    group = [_text("org:group", one.set_to["team"])] if "team" in one.set_to else []
    return (
        "    <event>"
        + _text("concept:name", one.title)
        + _text("lifecycle:transition", "complete")
        + _text("org:resource", one.actor)
        + f'<date key="time:timestamp" value="{one.at}"/>'
        + "".join([*group, *(_text(name, value) for name, value in one.facts.items())])
        + "</event>\n"
    )


def _text(key: str, value: str) -> str:
    return f'<string key="{in_xml(key)}" value="{in_xml(value)}"/>'
