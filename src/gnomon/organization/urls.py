"""Pages of their own: the permission matrix, and what a person keeps about themself."""

from __future__ import annotations

from django.urls import path

from gnomon.organization.views import own, permissions

urlpatterns = [
    path("permissions/", permissions.matrix_page, name="permissions"),
    path("me/", own.settings_page, name="own_settings"),
    path("me/password", own.password_page, name="own_password"),
    path("me/tokens", own.tokens_page, name="own_tokens"),
    path("me/tokens/<int:key>/revoke", own.revoke, name="revoke_token"),
]
