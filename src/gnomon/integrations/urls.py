"""Addresses of imports, exports and webhooks."""

from __future__ import annotations

from django.urls import path, re_path

from gnomon.integrations.logs import MEDIA_TYPES
from gnomon.integrations.views import columns, imports, logs, webhooks

WEBHOOK = r"^webhook-subscriptions/(?P<number>WHK-[0-9]+)"

urlpatterns = [
    path("import/", imports.imports_page, name="imports"),
    path("import/<int:key>/", imports.run_page, name="import-run"),
    path("import/<int:key>/columns", columns.columns_page, name="import-columns"),
    *(
        path(f"export/<slug:name>.{form}", logs.export_log, {"form": form}, name=f"export-{form}")
        for form in MEDIA_TYPES
    ),
    re_path(rf"{WEBHOOK}/secret$", webhooks.secret),
    re_path(rf"{WEBHOOK}/test$", webhooks.test),
    re_path(rf"{WEBHOOK}/replay$", webhooks.replay),
]
