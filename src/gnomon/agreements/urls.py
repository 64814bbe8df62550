"""Addresses of agreements that are their own, under /agreements/."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from gnomon.agreements.views.consequences import consequences
from gnomon.agreements.views.escalations import escalations

urlpatterns = [
    path("escalations", login_required(escalations), name="escalations"),
    path(
        "service-level-agreements/<str:number>/open-clocks", login_required(consequences), name="agreement_consequences"
    ),
]
