"""Addresses of direction that are its own, under /governance/."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import path

from gnomon.governance.views import channels, erasing, ledger, messages, notice_texts, preferences

urlpatterns = [
    path("erasures/<str:number>/preview", erasing.preview_page, name="erasure-preview"),
    path("ledger", ledger.ledger_page, name="ledger"),
    path("messages", messages.told, name="messages"),
    path("messages/read", messages.mark_read, name="messages-read"),
    path("channels", channels.channels_page, name="channels"),
    path("channels/try", channels.try_channels, name="try-channels"),
    path("notices/", login_required(notice_texts.texts_page), name="notice-texts"),
    path("notices/<str:key>", login_required(notice_texts.edit_text), name="notice-text"),
    path("my-notices", preferences.own_notices, name="own_notices"),
    path("messages/bell", messages.bell, name="messages-bell"),
]
