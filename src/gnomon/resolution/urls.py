"""Addresses of resolution that are its own, under /resolution/."""

from django.contrib.auth.decorators import login_required
from django.urls import path

from gnomon.resolution.views.report import report

urlpatterns = [path("report", login_required(report), name="report")]
