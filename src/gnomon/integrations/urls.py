"""Addresses of imports and exports."""

from __future__ import annotations

from django.urls import path

from gnomon.integrations.views import columns, imports, logs

urlpatterns = [
    path("import/", imports.imports_page, name="imports"),
    path("import/<int:key>/", imports.run_page, name="import-run"),
    path("import/<int:key>/columns", columns.columns_page, name="import-columns"),
    path("export/<slug:name>.xes", logs.export_log, name="export-xes"),
]
