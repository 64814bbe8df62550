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
    """A format: what its files are for a browser, and who writes them piece by piece."""

    media_type: str
    pieces: Callable[[Staged], Iterator[bytes]]


OBJECT_LOG = "ocel.json"
# By what their files end in.
FORMS: Mapping[str, Form] = {
    OBJECT_LOG: Form("application/json; charset=utf-8", to_json),
    "ocel.xml": Form("application/xml; charset=utf-8", to_xml),
    "ocel.sqlite": Form("application/vnd.sqlite3", to_sqlite),
}
