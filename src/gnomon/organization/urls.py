"""Pages of their own: permissions, passwords, members, and what a person keeps about themself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import path, re_path

from gnomon.organization.views import calendars, fields, levels, own, people, permissions, roles, workflows

# Other words after /people/ are pages that every kind has, as /people/new.
NUMBER = r"(?P<number>[A-Za-z]+-[0-9]+)"

urlpatterns = [
    path("roles/held", login_required(roles.holders_page), name="role-holders"),
    re_path(rf"^calendars/{NUMBER}$", login_required(calendars.calendar_page)),
    re_path(rf"^calendars/{NUMBER}/feed$", login_required(calendars.feed_page), name="calendar-feed"),
    path("permissions/", permissions.matrix_page, name="permissions"),
    re_path(rf"^people/{NUMBER}$", people.person_page),
    re_path(rf"^people/{NUMBER}/password$", people.give_password, name="give-password"),
    re_path(rf"^teams/{NUMBER}$", people.team_page),
    re_path(rf"^teams/{NUMBER}/members$", people.members_page, name="team-members"),
    path("workflows/", login_required(workflows.workflows_page), name="workflows"),
    path("workflows/<slug:name>", login_required(workflows.workflow_page), name="kind-workflow"),
    path("workflow-versions/new", login_required(workflows.new_version)),
    re_path(rf"^workflow-versions/{NUMBER}/edit$", login_required(workflows.edit_version)),
    re_path(
        rf"^workflow-versions/{NUMBER}/migrate$", login_required(workflows.migrate_records), name="version-migrate"
    ),
    path("levels/", login_required(levels.levels_page), name="levels"),
    path("fields/", login_required(fields.fields_page), name="own-fields"),
    re_path(rf"^custom-fields/{NUMBER}/edit$", login_required(fields.edit_field)),
    path("me/", own.settings_page, name="own_settings"),
    path("me/password", own.password_page, name="own_password"),
    path("me/tokens", own.tokens_page, name="own_tokens"),
    path("me/tokens/<int:key>/rotate", own.rotate, name="rotate_token"),
    path("me/tokens/<int:key>/revoke", own.revoke, name="revoke_token"),
]
