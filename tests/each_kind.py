"""One record of any kind, with whatever its kind cannot do without."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import models

from gnomon.certification.actions import draw_sample, run_checks
from gnomon.evaluation.actions import take_snapshots
from gnomon.evaluation.actions.snapshot_seals import seal_snapshots
from gnomon.evaluation.models import SnapshotSeal
from gnomon.governance.sealing.messages import seal_messages
from gnomon.organization.models import Person
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import Kind, kind_named, kind_of
from gnomon.records.models import Record
from gnomon.standard.plugs import Actor
from tests.governance.notices.working import tell
from tests.makers import a_person

FACTS: dict[str, dict[str, Any]] = {
    "major_incident": {"reason": "全部停摆"},
    "role": {"code": "desk_lead"},
    "responsibility": {"authority": "批准"},
    "changed_permission": {"of_kind": "service", "verb": "comment", "role": "agent"},
    "custom_field": {"of_kind": "service", "name": "zi_duan"},
    "notice_text": {"notice": "incident.solved"},
    "level_name": {"scale": "impact", "level": 1},
    "workflow_version": {"of_kind": "service"},
    "work_calendar": {"hours": {"time_zone": "Asia/Shanghai", "week": {"mon": [["09:00", "18:00"]]}}},
    "measurement_result": {"period_start": date(2026, 1, 1), "period_end": date(2026, 2, 1)},
    "judgement": {"requirement": "8.6.1-l", "verdict": "conforming", "reason": "Seen on site"},
    "rule_limit": {"requirement": "8.6.1-a1", "values": []},
    "planned_activity": {"activity": "internal_audit", "days": 365},
    "audit_pack": {"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 31)},
    "erasure": {"reason": "她要求删除"},
    "control_baseline": {
        "measure": "incident_mttr",
        "start_date": date(2026, 1, 5),
        "end_date": date(2026, 5, 31),
    },
    "signing_key": {"key": "0" * 16, "public": "0" * 64, "since": datetime(2026, 1, 5, tzinfo=UTC)},
    "webhook_subscription": {"url": "https://example.org/hook"},
}


def a_sample(by: Actor) -> Record:
    """One drawn from what a run saw of one incident."""
    actions.record(kind_named("incident"), by=SYSTEM, title="No mail")
    run = run_checks(clause="8.6.1", by=SYSTEM)
    return draw_sample(run.requirements.filter(seen__gt=0)[0].requirement, by=by, run=run)


def a_seal_of_messages() -> Record:
    """One of a message that somebody was told."""
    count = Person.objects.count()
    somebody = a_person(f"Reader {count}", username=f"reader-{count}")
    tell([somebody.number], about=None, what="other", title="Told", cause=somebody.number)
    made = seal_messages(until=datetime.now(UTC))
    assert made is not None
    return made


def a_seal_of_snapshots() -> Record:
    """One of a day on which nothing was measured yet."""
    day = date(2026, 1, 5) - timedelta(days=SnapshotSeal.objects.count())
    take_snapshots(day, names=["incident_mttr"])
    made = seal_snapshots(until=datetime.now(UTC))
    assert made is not None
    return made


def one_of(kind: Kind) -> Record:
    """A record of this kind, and of every kind that it needs to refer to."""
    if kind.name == "conformity_run":
        return run_checks(clause="8.6.1", by=SYSTEM)
    if kind.name == "sample":
        return a_sample(SYSTEM)
    if kind.name == "message_seal":
        return a_seal_of_messages()
    if kind.name == "snapshot_seal":
        return a_seal_of_snapshots()
    needed = {
        field.name: one_of(kind_of(field.related_model))
        for field in kind.model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and not field.null
    }
    # Two that were alike to the millisecond could exchange numbers, and nothing would be otherwise.
    title = f"One {kind.name} {kind.model._base_manager.count() + 1}"
    return actions.record(kind, by=SYSTEM, **{"title": title, **needed, **FACTS.get(kind.name, {})})
