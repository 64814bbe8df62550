"""The REST door, at /api/v1."""

from typing import Any

from django.urls import path
from ninja import NinjaAPI

from gnomon import __version__
from gnomon.api import errors
from gnomon.api.resources import resource
from gnomon.api.tokens import TokenBearer
from gnomon.records.kinds import kinds

ROOT = "/api/v1/"


class Door(NinjaAPI):
    """The API, which knows its own address: `reverse` does not look into addresses that are opened later."""

    def get_root_path(self, path_params: dict[str, Any]) -> str:
        return ROOT


api = Door(
    title="Gnomon",
    version=__version__,
    description="Service management by ISO/IEC 20000-1:2018. The same actions as the pages and the command line.",
    auth=TokenBearer(),
    urls_namespace="api",
    docs_url=None,
)
errors.install(api)
for kind in kinds():
    api.add_router(f"/{kind.path}", resource(kind))

urlpatterns = [path("", api.urls)]
