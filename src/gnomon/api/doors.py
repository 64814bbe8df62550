"""The REST door, opened kind by kind.

The typed shapes of all kinds are some thousands of classes: seconds, and about two megabytes a kind, which a process
spends on those kinds alone that somebody calls. The whole is opened for its description only.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation

from gnomon import __version__
from gnomon.api import errors
from gnomon.api.openapi import HouseApi
from gnomon.api.operations import check_kinds
from gnomon.api.resources import resource, root
from gnomon.api.tokens import TokenBearer
from gnomon.records.kinds import Kind, kinds


def whole() -> HouseApi:
    """All that there is, with its description at `openapi.json`."""
    check_kinds()
    return _opened([*kinds(), None], described=True)


def door_of(kind: Kind | None) -> HouseApi:
    """What is below one kind, or below the root."""
    return _opened([kind])


def _opened(wanted: Iterable[Kind | None], *, described: bool = False) -> HouseApi:
    api = HouseApi(
        title="Gnomon",
        version=__version__,
        description="Service management by ISO/IEC 20000-1:2018. The same actions as the pages and the command line.",
        auth=TokenBearer(),
        urls_namespace="api",
        docs_url=None,
        openapi_url="/openapi.json" if described else None,
    )
    errors.install(api)
    with translation.override("en"):  # shapes are described once, by whoever comes first
        for kind in wanted:
            if kind is None:
                api.add_router("", root())
            else:
                api.add_router(f"/{kind.path}", resource(kind))
    return api
