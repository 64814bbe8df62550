"""Addresses of resolution that are its own, under /resolution/; those of the portal are taken in by the front door."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.urls import path

from gnomon.agreements.views.escalations import answer
from gnomon.records.kinds import kind_named
from gnomon.resolution.views import portal, portal_report
from gnomon.resolution.views.informing import inform_manager
from gnomon.resolution.views.report import report

urlpatterns = [
    path("report", report, name="report"),
    path(
        "incidents/<str:number>/acknowledge", login_required(partial(answer, kind=kind_named("incident"))),
        name="incident-acknowledge",
    ),
    path("incidents/<str:number>/inform-manager", login_required(inform_manager), name="incident-inform-manager"),
]  # fmt: skip

portal_patterns = [
    path("portal", portal.home, name="portal"),
    path("portal/report", report, name="portal-new"),
    path("portal/suggest", portal.suggest, name="portal-suggest"),
    path("portal/disturbances/<str:number>/follow", portal.follow_disturbance, name="portal-follow"),
    path("portal/reports/<str:number>", portal_report.report, name="portal-report"),
    path("portal/reports/<str:number>/reply", portal_report.reply, name="portal-reply"),
    path("portal/reports/<str:number>/confirm", portal_report.confirm, name="portal-confirm"),
    path("portal/reports/<str:number>/reject", portal_report.reject, name="portal-reject"),
    path("portal/reports/<str:number>/rate", portal_report.rate_report, name="portal-rate"),
]
