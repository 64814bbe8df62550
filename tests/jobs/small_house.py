"""Settings of a house with nothing in it but jobs, so that processes in tests start quickly."""

from __future__ import annotations

from gnomon.project.settings import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "gnomon.jobs", "errands"]
MIDDLEWARE: list[str] = []
AUTH_USER_MODEL = "auth.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
ROOT_URLCONF = "no_addresses"
