"""OCEL 2.0 out of JSON, piece by piece."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from gnomon.records.imports.encodings import examine
from gnomon.records.imports.json_parts import BrokenJson, parts_of
from gnomon.records.imports.object_logs.staged import EVENT, OBJECT, Happened, Staged, Thing, said, sort_of
from gnomon.records.imports.opening import opened
from gnomon.records.imports.refusals import UnreadableFile

KNOWN = frozenset({"events", "objects", "eventTypes", "objectTypes"})


def from_json(path: Path, staged: Staged) -> None:
    """Read a log; UnreadableFile says where it breaks."""
    text = examine(path, in_lines=False)
    known = False
    try:
        with opened(path) as raw:
            raw.read(text.bom)
            file = io.TextIOWrapper(raw, text.encoding, "surrogateescape")
            for key, part in parts_of(file):
                known |= key in KNOWN
                if isinstance(part, dict):
                    _take(key, part, staged)
    except BrokenJson as fault:
        says = _("%(file)s is no whole JSON: it breaks after %(at)s characters.")
        raise UnreadableFile(says % {"file": path.name, "at": f"{fault.at:,}"}) from fault
    if not known:
        raise UnreadableFile(_("%(file)s holds no objects and events of OCEL 2.0.") % {"file": path.name})


def _take(key: str, part: Mapping[str, Any], staged: Staged) -> None:
    if key in {"eventTypes", "objectTypes"}:
        attributes = {said(one.get("name")): said(one.get("type")) for one in _dicts(part.get("attributes"))}
        staged.declare(EVENT if key == "eventTypes" else OBJECT, said(part.get("name")), attributes)
        return
    told = _dicts(part.get("attributes"))
    sorts = {said(one.get("name")): sort_of(one.get("value")) for one in told}
    ties = [(said(one.get("objectId")), said(one.get("qualifier"))) for one in _dicts(part.get("relationships"))]
    name, kind = said(part.get("id")), said(part.get("type"))
    if key == "events":
        values = {said(one.get("name")): said(one.get("value")) for one in told}
        staged.add_event(Happened(name, kind, said(part.get("time")), values, ties), sorts)
    elif key == "objects":
        states = [(said(one.get("name")), said(one.get("time")), said(one.get("value"))) for one in told]
        staged.add_object(Thing(name, kind, states, ties), sorts)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
