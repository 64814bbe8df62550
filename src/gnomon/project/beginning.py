"""What an installation begins with: tables, keys, roles, service hours, targets; and the demo on wish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import override

from gnomon.agreements.models import ServiceLevelAgreement
from gnomon.organization.actions.setup import ROUND_THE_CLOCK, prepare_organization
from gnomon.organization.models import WorkCalendar
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.keys import seal_key
from gnomon.records.search.rebuilding import is_stale, rebuild
from gnomon.resolution.models import PriorityMatrix

# Minutes to respond and to resolve, by priority: a proposal that every organisation replaces by what it agrees.
USUAL_TARGETS = [
    {"priority": 1, "respond_minutes": 15, "resolve_minutes": 4 * 60},
    {"priority": 2, "respond_minutes": 30, "resolve_minutes": 8 * 60},
    {"priority": 3, "respond_minutes": 4 * 60, "resolve_minutes": 3 * 24 * 60},
    {"priority": 4, "respond_minutes": 8 * 60, "resolve_minutes": 5 * 24 * 60},
]


def prepare(*, demo: bool = False, say: Callable[[str], None] = lambda text: None) -> None:
    """Bring the database up to this version and make what is missing; safe to repeat."""
    collect_static()
    seal_key(settings.HOME / "keys")
    say("Preparing the database …")
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    if is_stale():
        rebuild()
    with override(settings.LANGUAGE_CODE):
        prepare_organization(at=_demo_began() if demo else None)
        _default_targets()
        _priority_matrix()
        _monitoring()
    if demo and not is_prepared(demo=True):
        from gnomon.project.demo import load_demo

        load_demo(say=say)


def _demo_began() -> datetime:
    """The demo has been at work for a year, and figures of its past ask who held which role."""
    from gnomon.project.demo.load import YEAR

    return datetime.now(UTC) - YEAR


def collect_static() -> None:
    """Lay out style sheets, scripts and pictures, compressed and named by their content."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)


def is_prepared(*, demo: bool = False) -> bool:
    """Whether the database has all tables of this version, and the demo when asked."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    if not demo:
        return True
    from gnomon.project.demo import is_loaded

    return is_loaded()


def sign_ins() -> list[tuple[str, str, str]]:
    """Username, password and role of the demo's people."""
    from gnomon.project import demo

    return demo.sign_ins()


def _default_targets() -> None:
    """Targets for what no agreement covers, so that clocks run from the first day."""
    if ServiceLevelAgreement.objects.filter(is_default=True).exists():
        return
    always = WorkCalendar.objects.filter(title=ROUND_THE_CLOCK).first()
    actions.record(
        kind_named("service_level_agreement"), by=SYSTEM, title="Default targets 默认指标", calendar=always,
        targets=USUAL_TARGETS, is_default=True,
    )  # fmt: skip


def _priority_matrix() -> None:
    if PriorityMatrix.objects.exists():
        return
    matrix: Any = actions.record(kind_named("priority_matrix"), by=SYSTEM, title="Impact × urgency 影响 × 紧急度")
    actions.move(matrix, "adopt", by=SYSTEM)


def _monitoring() -> None:
    from gnomon.evaluation.actions import seed_monitoring

    seed_monitoring(by=SYSTEM)
