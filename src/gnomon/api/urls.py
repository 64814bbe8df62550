"""The REST door, at /api/v1."""

from django.urls import path
from django.utils import translation

from gnomon import __version__
from gnomon.api import errors
from gnomon.api.openapi import HouseApi
from gnomon.api.operations import check_kinds
from gnomon.api.resources import resource, root
from gnomon.api.tokens import TokenBearer
from gnomon.records.kinds import kinds

api = HouseApi(
    title="Gnomon",
    version=__version__,
    description="Service management by ISO/IEC 20000-1:2018. The same actions as the pages and the command line.",
    auth=TokenBearer(),
    urls_namespace="api",
    docs_url=None,
)
errors.install(api)
check_kinds()
with translation.override("en"):  # shapes are described once, by whoever comes first
    for kind in kinds():
        api.add_router(f"/{kind.path}", resource(kind))
    api.add_router("", root())

urlpatterns = [path("", api.urls)]
