"""Addresses of direction that are its own, under /governance/."""

from __future__ import annotations

from django.urls import path

from gnomon.governance.views import messages

urlpatterns = [
    path("messages", messages.told, name="messages"),
    path("messages/read", messages.mark_read, name="messages-read"),
    path("messages/bell", messages.bell, name="messages-bell"),
]
