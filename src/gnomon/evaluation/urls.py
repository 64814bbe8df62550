"""Addresses of performance evaluation, under /evaluation/."""

from __future__ import annotations

from django.urls import path

from gnomon.evaluation.views.comparison import comparison
from gnomon.evaluation.views.dashboard import dashboard, opening
from gnomon.evaluation.views.mining import mining
from gnomon.evaluation.views.reports import report

urlpatterns = [
    path("", opening, name="dashboards"),
    path("dashboards/<slug:name>/", dashboard, name="dashboard"),
    path("dashboards/<slug:name>/report.<str:form>", report, name="dashboard-report"),
    path("comparison/", comparison, name="comparison"),
    path("mining/", mining("mined_map", "process_map"), name="mining"),
    path("mining/variants/", mining("mined_ways", "process_variants"), name="mining-variants"),
    path("mining/waiting/", mining("mined_waits", "process_waits"), name="mining-waiting"),
    path("mining/conformance/", mining("mined_conformance", "process_conformance"), name="mining-conformance"),
    path("mining/rework/", mining("mined_rework", "process_rework"), name="mining-rework"),
    path("mining/logs/", mining("foreign_logs", "logs_page"), name="foreign-logs"),
    path("mining/logs/<int:key>/", mining("foreign_logs", "log_page"), name="foreign-log"),
    path("mining/logs/<int:key>/map/", mining("foreign_logs", "log_map"), name="foreign-log-map"),
    path("mining/logs/<int:key>/variants/", mining("foreign_logs", "log_variants"), name="foreign-log-variants"),
    path("mining/logs/<int:key>/bottlenecks/", mining("foreign_logs", "log_slowest"), name="foreign-log-slowest"),
    path("mining/logs/<int:key>/cases/", mining("foreign_logs", "log_cases"), name="foreign-log-cases"),
    path("mining/logs/<int:key>/case", mining("foreign_logs", "log_case"), name="foreign-log-case"),
]
