"""Addresses of certification, under /certification/."""

from __future__ import annotations

from django.urls import path

from gnomon.certification.views import attesting, behind, board, packs, requirement, samples

urlpatterns = [
    path("", board.board, name="certification-board"),
    path("check", board.check_now, name="certification-check"),
    path("checking/<int:checking>", board.checking, name="certification-checking"),
    path("attestations", attesting.attesting, name="certification-attestations"),
    path("clauses/<str:clause_number>", board.clause, name="certification-clause"),
    path("requirements", board.requirements, name="certification-requirements"),
    path("requirements/<str:requirement_id>", requirement.requirement, name="certification-requirement"),
    path("requirements/<str:requirement_id>/judge", requirement.judge, name="certification-judge"),
    path("requirements/<str:requirement_id>/limits/<int:rule>", requirement.limits, name="certification-limits"),
    path("requirements/<str:requirement_id>/interval", requirement.interval, name="certification-interval"),
    path("audit-packs/new", packs.order, name="audit_pack-order"),
    path("audit-packs/<str:number>/file", packs.take, name="audit_pack-file"),
    path("samples/new", samples.draw, name="sample-draw"),
    path("samples/<str:number>/records", samples.records, name="sample-records"),
    path("samples/<str:number>/examine", samples.examine, name="sample-examine"),
    path("samples/<str:number>/again", samples.again, name="sample-again"),
    path("runs/<str:run>/<str:requirement>/<int:rule>/<slug:part>", behind.behind, name="certification-behind"),
]
