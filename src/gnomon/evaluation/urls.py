"""Addresses of performance evaluation, under /evaluation/."""

from __future__ import annotations

from django.urls import path

from gnomon.evaluation.views.comparison import comparison
from gnomon.evaluation.views.dashboard import dashboard
from gnomon.evaluation.views.mining import mining

urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("comparison/", comparison, name="comparison"),
    path("mining/", mining("mined_map", "process_map"), name="mining"),
]
