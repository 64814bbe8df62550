"""Whether the installation is well, for probes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from gnomon.governance.channels import MAIL
from gnomon.governance.models import Sending
from gnomon.jobs.queries import queue_age
from gnomon.records.models import Leaf, LedgerEntry

QUEUE_MAY_WAIT = timedelta(minutes=10)
SEAL_MAY_WAIT = timedelta(minutes=10)
DISK_NEEDED = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at; what it says is for people and machines."""

    well: bool
    says: Any


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when all is well, 503 when something is broken, with what was looked at."""
    signs = {"database": database(), "disk_free_mb": disk()}
    if signs["database"].well:
        signs["pending_migrations"] = migrations()
        if signs["pending_migrations"].well:
            signs["queue_age_seconds"], signs["oldest_unsealed_seconds"] = queue(), unsealed()
            signs["mail"] = mail()
    well = all(sign.well for sign in signs.values())
    told = {"well": well, "broken": [name for name, sign in signs.items() if not sign.well]}
    told |= {name: sign.says for name, sign in signs.items()}
    return JsonResponse(told, status=HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE)


def database() -> Sign:
    """The database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return Sign(False, "unreachable")
    return Sign(True, connection.vendor)


def migrations() -> Sign:
    """Tables are as this version of the program needs them."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Sign(not pending, len(pending))


def queue() -> Sign:
    """No job has been due for long."""
    age = queue_age()
    return Sign(age <= QUEUE_MAY_WAIT, round(age.total_seconds()))


def unsealed() -> Sign:
    """The ledger is sealed as it grows."""
    sealed = Leaf.objects.aggregate(last=Max("sequence"))["last"] or 0
    oldest = LedgerEntry.objects.filter(sequence__gt=sealed).order_by("sequence").first()
    age = timezone.now() - oldest.recorded_at if oldest is not None else timedelta(0)
    return Sign(age <= SEAL_MAY_WAIT, max(0, round(age.total_seconds())))


def mail() -> Sign:
    """Whether mail is at work, and how much of it failed within a day; neither stops the house."""
    if MAIL.off():
        return Sign(True, "off")
    since = timezone.now() - timedelta(days=1)
    failed = Sending.objects.filter(channel=MAIL.name, state=Sending.State.FAILED, due_at__gt=since).count()
    return Sign(True, f"on, {failed} failed within a day")


def disk() -> Sign:
    """There is room to write."""
    free = shutil.disk_usage(settings.HOME if settings.HOME.exists() else settings.HOME.parent).free
    return Sign(free >= DISK_NEEDED, free // (1024 * 1024))
