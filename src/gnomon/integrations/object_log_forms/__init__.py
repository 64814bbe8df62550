"""Formats in which an object-centric log goes out: the three that OCEL 2.0 names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gnomon.integrations.object_log_forms.to_json import to_json
from gnomon.integrations.object_log_forms.to_sqlite import to_sqlite
from gnomon.integrations.object_log_forms.to_xml import to_xml
from gnomon.records.imports.object_logs.staged import Staged


@dataclass(frozen=True, slots=True)
class Form:
    """A format: what its files end in, what they are for a browser, and who writes them piece by piece."""

    suffix: str
    media_type: str
    pieces: Callable[[Staged], Iterator[bytes]]


OBJECT_LOG = "ocel.json"
FORMS: Mapping[str, Form] = {
    OBJECT_LOG: Form(OBJECT_LOG, "application/json; charset=utf-8", to_json),
    "ocel.xml": Form("ocel.xml", "application/xml; charset=utf-8", to_xml),
    "ocel.sqlite": Form("ocel.sqlite", "application/vnd.sqlite3", to_sqlite),
}
