"""Settings of the suite: a home of its own, and passwords that hash fast enough for hundreds of tests."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "GNOMON_HOME" not in os.environ:
    _home = tempfile.mkdtemp(prefix="gnomon-tests-")
    os.environ["GNOMON_HOME"] = _home
    atexit.register(shutil.rmtree, _home, ignore_errors=True)

from gnomon.project.settings import *  # noqa: F403

if DATABASES["default"]["ENGINE"].endswith("sqlite"):  # noqa: F405
    # A file, as users have it: threads that share a database in memory refuse each other's tables.
    DATABASES["default"]["TEST"]["NAME"] = str(HOME / "tests.sqlite3")  # noqa: F405

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]

DEFINITIONS_FRESH_FOR = 0  # remembered until somebody writes: query counts do not depend on the clock

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  # else whitenoise warns in each test

# Style sheets as they lie in the source: nothing is collected for tests.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
