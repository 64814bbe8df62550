"""Addresses of agreements that are their own, under /agreements/."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.urls import path

from gnomon.agreements.views.consequences import consequences
from gnomon.agreements.views.escalations import escalations
from gnomon.agreements.views.policy_followers import policy_followers

urlpatterns = [
    path("escalations", login_required(escalations), name="escalations"),
    path(
        "service-level-agreements/<str:number>/open-clocks", login_required(consequences), name="agreement_consequences"
    ),
    path(
        "operational-level-agreements/<str:number>/open-clocks",
        login_required(partial(consequences, subject="operational_level_agreement")),
        name="internal_consequences",
    ),
    path(
        "service-hours/<str:number>/open-clocks",
        login_required(partial(consequences, subject="work_calendar")),
        name="hours_consequences",
    ),
    path("escalation-policies/<str:number>/open-records", login_required(policy_followers), name="policy_followers"),
]
