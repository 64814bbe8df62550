"""Addresses of performance evaluation, under /evaluation/."""

from __future__ import annotations

from django.urls import path

from gnomon.evaluation.views.comparison import comparison
from gnomon.evaluation.views.dashboard import dashboard

urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("comparison/", comparison, name="comparison"),
]
