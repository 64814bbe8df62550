"""OCEL 2.0 out of XML, element by element; nothing that was read is kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from gnomon.records.imports.object_logs.staged import EVENT, OBJECT, Happened, Staged, State, Thing, Tie, said
from gnomon.records.imports.opening import opened
from gnomon.records.imports.refusals import UnreadableFile
from gnomon.records.imports.xml_reading import Told, read_xml

TYPES = {"object-type": OBJECT, "event-type": EVENT}


def from_xml(path: Path, staged: Staged) -> None:
    """Read a log; UnreadableFile says in which line it breaks."""
    log = _Log(staged)
    with opened(path) as file:
        for _piece in read_xml(staged.name, file, log):
            pass
    if not log.known:
        raise UnreadableFile(_("%(file)s holds no objects and events of OCEL 2.0.") % {"file": staged.name})


class _Log(Told):
    """Gathers one type, object or event at a time."""

    def __init__(self, staged: Staged) -> None:
        self.staged, self.known = staged, False
        self.path: list[str] = []
        self.at: Mapping[str, str] = {}
        self.declared: dict[str, str] = {}
        self.states: list[State] = []
        self.ties: list[Tie] = []
        self.attribute: Mapping[str, str] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.path.append(tag)
        if tag in {"objects", "events", "object-types", "event-types"} and len(self.path) == 2:
            self.known = True
        elif len(self.path) == 3:
            self.at, self.declared, self.states, self.ties = attributes, {}, [], []
        elif tag == "attribute":
            self.attribute = attributes
            if self.path[2] in TYPES:
                self.declared[said(attributes.get("name"))] = said(attributes.get("type"))
        elif "object-id" in attributes:
            self.ties.append((said(attributes["object-id"]), said(attributes.get("qualifier"))))

    def end(self, tag: str, text: str) -> None:
        place = self.path[1:2]
        if tag == "attribute" and len(self.path) == 5:
            one = self.attribute
            self.states.append((said(one.get("name")), said(one.get("time")), said(one.get("value", text))))
        elif len(self.path) == 3 and place == [f"{tag}s"]:
            self._whole(tag)
        self.path.pop()

    def _whole(self, tag: str) -> None:
        name, kind = said(self.at.get("id")), said(self.at.get("type"))
        if tag in TYPES:
            self.staged.declare(TYPES[tag], said(self.at.get("name")), self.declared)
        elif tag == "object":
            self.staged.add_object(Thing(name, kind, self.states, self.ties))
        elif tag == "event":
            told = {key: value for key, _time, value in self.states}
            self.staged.add_event(Happened(name, kind, said(self.at.get("time")), told, self.ties))
