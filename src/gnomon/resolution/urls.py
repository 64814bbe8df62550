"""Addresses of resolution that are its own, under /resolution/; those of the portal are taken in by the front door."""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import URLPattern, path

from gnomon.agreements.views.escalations import answer
from gnomon.records.kinds import kind_named
from gnomon.resolution.views import major, merging, parts, portal, portal_report, splitting
from gnomon.resolution.views.categories import merge
from gnomon.resolution.views.informing import inform_manager
from gnomon.resolution.views.recurring import recurring
from gnomon.resolution.views.report import report


def of_incident(place: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    return path(f"incidents/<str:number>/{place}", login_required(view), name=name)


urlpatterns = [
    path("report", report, name="report"),
    path("categories/<str:number>/merge", login_required(merge), name="category-merge"),
    path("recurring", recurring, name="incidents-recurring"),
    of_incident("acknowledge", partial(answer, kind=kind_named("incident")), "incident-acknowledge"),
    of_incident("inform-manager", inform_manager, "incident-inform-manager"),
    of_incident("resolve", parts.resolve_with_parts, "incident-resolve"),
    of_incident("merge", merging.merge, "incident-merge"),
    of_incident("split", splitting.split_page, "incident-split"),
    of_incident("parts", parts.parts_page, "incident-parts"),
    of_incident("parts/take-out", parts.take_out, "incident-part-out"),
    of_incident("parts/resolve", parts.resolve_chosen, "incident-parts-resolve"),
    of_incident("major", major.major_page, "incident-major"),
    of_incident("major/say", major.say, "incident-major-say"),
    of_incident("major/task", major.add_task, "incident-major-task"),
    of_incident("major/task-move", major.move_task, "incident-major-task-move"),
    of_incident("major/notice", major.write_notice, "incident-major-notice"),
    of_incident("major/review", major.review, "incident-major-review"),
]

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
