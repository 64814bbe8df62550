"""Addresses of resolution that are its own, under /resolution/; those of the portal are taken in by the front door."""

from django.urls import path

from gnomon.resolution.views import portal, portal_report
from gnomon.resolution.views.report import report

urlpatterns = [path("report", report, name="report")]

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
