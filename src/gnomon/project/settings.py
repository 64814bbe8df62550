"""Settings, all with defaults that run on a bare machine; the environment overrides them."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from gnomon.project import secrets, sqlite

sqlite.swap_in()


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's description of the database: PostgreSQL for a URL, else the embedded SQLite."""
    if not url:
        return {
            "ENGINE": "gnomon.project.queued_sqlite",
            "NAME": home / "gnomon.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # Without IMMEDIATE, writers that begin as readers are refused in their thousands under load.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # A page and a write ask some hundred statements; 128, the usual, compiles most of them each time.
                "cached_statements": 1000,
                # FULL: what a client was told is saved survives a power cut as well as a kill (see queued_sqlite).
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=268435456;"
                    "PRAGMA cache_size=-32768;PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=67108864;"
                    "PRAGMA wal_autocheckpoint=8000;"  # 32 MB: queued_sqlite moves pages earlier, outside of turns
                ),
            },
            "TEST": {"NAME": os.environ.get("GNOMON_TEST_DATABASE", ":memory:")},
        }
    parts = urlsplit(url)
    told: dict[str, Any] = dict(parse_qsl(parts.query))
    if "prepare_threshold" in told:  # 0 behind a pooler that gives each transaction another connection
        told["prepare_threshold"] = int(told["prepare_threshold"]) or None
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"GNOMON_DATABASE_URL must begin with postgresql://, not {parts.scheme}://.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "gnomon",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        # Compiling a statement of ours takes longer than running it: 15 to 75 ms of a search at a million records.
        # Questions that are put often keep their plans (jobs/asking.py) from the fifth time on.
        "OPTIONS": {"options": "-c jit=off", "prepare_threshold": 5, **told},
    }


def mail(url: str, sender: str) -> dict[str, Any]:
    """What Django needs to send mail by smtp:// (with STARTTLS), smtps:// or, to look at it, file:///folder."""
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "file"}:
        raise ValueError(f"GNOMON_MAIL_URL must begin with smtp:// or smtps://, not {parts.scheme}://.")
    if "@" not in sender:
        raise ValueError("GNOMON_MAIL_FROM must be the address that mail comes from, as desk@example.org.")
    if parts.scheme == "file":
        return {"backend": "django.core.mail.backends.filebased.EmailBackend", "file_path": unquote(parts.path)}
    secure = parts.scheme == "smtps"
    return {
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "host": parts.hostname or "localhost",
        "port": parts.port or (465 if secure else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": secure,
        "use_tls": not secure and dict(parse_qsl(parts.query)).get("tls", "1") != "0",
        "timeout": 10,  # a server that hangs holds up the worker for so long, once a minute
    }


HOME = Path(os.environ.get("GNOMON_HOME", "var")).absolute()
DEBUG = os.environ.get("GNOMON_DEBUG", "") == "1"
SECRET_KEY = os.environ.get("GNOMON_SECRET_KEY") or secrets.secret_key(HOME)
ALLOWED_HOSTS = [host for host in os.environ.get("GNOMON_HOSTS", "*").split(",") if host]
# Where people reach this installation: for links in mail, where no request tells.
PUBLIC_URL = os.environ.get("GNOMON_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("GNOMON_ORIGINS", "").split(",") if origin]

DATABASES = {"default": database(os.environ.get("GNOMON_DATABASE_URL", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # from the ground floor up: `collect` reads them in this order
    "gnomon.jobs",
    "gnomon.ui",
    "gnomon.records",
    "gnomon.organization",
    "gnomon.governance",
    "gnomon.portfolio",
    "gnomon.agreements",
    "gnomon.resolution",
    "gnomon.evaluation",
    "gnomon.certification",
    "gnomon.integrations",
    "gnomon.api",
    "gnomon.web",
    "gnomon.project",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gnomon.api.middleware.straight_to_the_api",
    "gnomon.records.watching.answers_the_unchanged",
    "gnomon.web.middleware.compressed_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gnomon.web.middleware.person_language",
    "gnomon.api.middleware.problems_as_json",
    "gnomon.ui.preferences.remember_look",
    "gnomon.ui.render.redirects_for_htmx",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gnomon.web.middleware.person_settings",
    "gnomon.web.middleware.sign_in_required",
    "django.contrib.messages.middleware.MessageMiddleware",
    "gnomon.web.middleware.refusals_as_pages",
    "gnomon.web.middleware.content_policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gnomon.web.middleware.no_nul",
    "gnomon.records.patience.nobody_waits",
]

# Around calls of the API, in place of what stands below straight_to_the_api.
API_MIDDLEWARE = [
    "gnomon.web.middleware.person_language",
    "gnomon.api.middleware.problems_as_json",
    "django.middleware.common.CommonMiddleware",
    "gnomon.web.middleware.content_policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gnomon.web.middleware.no_nul",
    "gnomon.records.patience.nobody_waits",
]

ROOT_URLCONF = "gnomon.project.urls"
WSGI_APPLICATION = "gnomon.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "gnomon.web.context.frame",
            ],
        },
    },
]

AUTH_USER_MODEL = "organization.Person"
AUTHENTICATION_BACKENDS = ["gnomon.organization.sign_in.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "title", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
LOCK_OUT_AFTER = 5
LOCK_OUT_FOR = timedelta(minutes=15)
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gnomon.web.views.errors.stale_form"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = os.environ.get("GNOMON_LANGUAGE", "en")
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("GNOMON_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
# Collected, compressed and named by content when the server starts; with GNOMON_DEBUG=1 taken as they lie.
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MANIFEST_STRICT = False

ATTACHMENT_MAX_BYTES = 25 * 1024 * 1024
ATTACHMENTS_PER_RECORD = 500
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

MAIL_FROM = os.environ.get("GNOMON_MAIL_FROM", "")
MAIL = mail(os.environ.get("GNOMON_MAIL_URL", ""), MAIL_FROM)

# Stamps from outside on the ledger's checkpoints (RFC 3161): the authority's address, and its certificates (PEM).
STAMP_URL = os.environ.get("GNOMON_STAMP_URL", "")
STAMP_CA = Path(os.environ["GNOMON_STAMP_CA"]) if os.environ.get("GNOMON_STAMP_CA") else None

# REST (docs/api.md): a change of a record must name the version seen; calls in a minute by one token, and by an
# address that sends no good one; processes among which they are shared.
API_REQUIRES_IF_MATCH = os.environ.get("GNOMON_API_REQUIRES_IF_MATCH", "") == "1"
API_CALLS_PER_MINUTE = int(os.environ.get("GNOMON_API_CALLS_PER_MINUTE", "60000"))
API_FAILURES_PER_MINUTE = int(os.environ.get("GNOMON_API_FAILURES_PER_MINUTE", "300"))
DEFINITIONS_FRESH_FOR = 3.0  # seconds until another process shows what was written here (records/memory.py)
WEB_PROCESSES = int(os.environ.get("GNOMON_WEB_PROCESSES", "1"))
# Webhooks (docs/api.md): networks inside the house that may be called, and days of failure until one is disabled.
WEBHOOKS_ALLOW = [net for net in os.environ.get("GNOMON_WEBHOOKS_ALLOW", "").replace(" ", "").split(",") if net]
WEBHOOKS_DISABLED_AFTER_DAYS = int(os.environ.get("GNOMON_WEBHOOKS_DISABLED_AFTER_DAYS", "5"))

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("GNOMON_LOG_LEVEL", "WARNING")},
}
