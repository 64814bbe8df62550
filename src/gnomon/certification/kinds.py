"""Run, judgement, own limit, planned activity and operation, each declared once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.certification import packing, rules, sampling, workflows
from gnomon.certification.models import (
    AuditPack,
    ConformityRun,
    Judgement,
    Operation,
    PlannedActivity,
    RuleLimit,
    Sample,
)
from gnomon.organization.roles import (
    ADMINISTRATOR,
    EXPORTING,
    EXTERNAL_AUDITOR,
    INTERNAL_AUDITOR,
    PROCESS_MANAGER,
    SERVICE_OWNER,
    SMS_MANAGER,
    TOP_MANAGEMENT,
)
from gnomon.records.kinds import Kind

READERS = (
    PROCESS_MANAGER, SERVICE_OWNER, SMS_MANAGER, INTERNAL_AUDITOR, EXTERNAL_AUDITOR, TOP_MANAGEMENT, ADMINISTRATOR,
)  # fmt: skip
CHECKERS = (SMS_MANAGER, INTERNAL_AUDITOR, ADMINISTRATOR)
SETTERS = (SMS_MANAGER, ADMINISTRATOR)

CONFORMITY_RUN = Kind(
    name="conformity_run",
    model=ConformityRun,
    prefix="RUN",
    clause="9.1",
    title=_("Conformity run"),
    plural=_("Conformity runs"),
    workflow=workflows.RUN,
    fields=(),
    columns=("number", "title", "as_of", "clause", "started_at", "finished_at", "edition"),
    filters=("clause",),
    may={"read": READERS, "create": CHECKERS, "comment": CHECKERS, "export": EXPORTING},
    prepare=rules.prepare_run,
    icon="gauge",
)

JUDGEMENT = Kind(
    name="judgement",
    model=Judgement,
    prefix="JDG",
    clause="9.2",
    title=_("Judgement"),
    plural=_("Judgements"),
    workflow=workflows.JUDGEMENT,
    fields=("requirement", "verdict", "reason", "document", "valid_until"),
    columns=("number", "requirement", "verdict", "judge", "judged_at", "valid_until", "status"),
    filters=("status", "verdict"),
    searched=("requirement", "reason"),
    may={"read": READERS, "create": workflows.JUDGES, "comment": workflows.JUDGES, "export": EXPORTING},
    prepare=rules.prepare_judgement,
    check=rules.check_judgement,
    icon="gavel",
)

RULE_LIMIT = Kind(
    name="rule_limit",
    model=RuleLimit,
    prefix="LIM",
    clause="9.1",
    title=_("Own limit"),
    plural=_("Own limits"),
    workflow=workflows.RULE_LIMIT,
    fields=("requirement", "rule", "values", "share"),
    columns=("number", "requirement", "rule", "values", "share", "since", "status"),
    may={"read": READERS, "create": SETTERS, "comment": SETTERS, "export": EXPORTING},
    prepare=rules.prepare_since,
    check=rules.check_rule_limit,
    icon="adjustments",
)

PLANNED_ACTIVITY = Kind(
    name="planned_activity",
    model=PlannedActivity,
    prefix="PLA",
    clause="9.1",
    title=_("Planned activity"),
    plural=_("Planned activities"),
    slug="planned-activities",
    workflow=workflows.PLANNED_ACTIVITY,
    fields=("activity", "days", "tolerance_days"),
    columns=("number", "title", "activity", "days", "tolerance_days", "since", "status"),
    may={"read": READERS, "create": SETTERS, "comment": SETTERS, "export": EXPORTING},
    prepare=rules.prepare_since,
    check=rules.check_planned_activity,
    icon="calendar-time",
)

OPERATION = Kind(
    name="operation",
    model=Operation,
    prefix="OPN",
    clause="4.4",
    title=_("Operation of the management system"),
    plural=_("Operation of the management system"),
    slug="operation",
    workflow=workflows.OPERATION,
    fields=("since",),
    columns=("number", "title", "since", "status"),
    may={"read": READERS, "create": SETTERS, "comment": SETTERS, "export": EXPORTING},
    prepare=rules.prepare_since,
    icon="player-play",
)

AUDIT_PACK = Kind(
    name="audit_pack",
    model=AuditPack,
    prefix="APK",
    clause="9.2.2",
    title=_("Audit pack"),
    plural=_("Audit packs"),
    workflow=workflows.AUDIT_PACK,
    fields=(
        "first_day",
        "last_day",
        "clauses",
        "services",
        "seed",
        "sample_size",
        "names",
        "for_whom",
        "purpose",
        "known",
    ),
    columns=("number", "title", "status", "first_day", "last_day", "for_whom", "made_at", "size"),
    filters=("status",),
    searched=("for_whom", "purpose"),
    may={
        "read": READERS,
        "create": workflows.ORDERERS,
        "comment": CHECKERS,
        "export": EXPORTING,
        "downloaded": (*workflows.ORDERERS, TOP_MANAGEMENT),
    },
    prepare=packing.prepare_pack,
    check=packing.check_pack,
    after=(packing.have_it_made, packing.let_go),
    verbs={"downloaded": _("Downloaded")},
    icon="package",
)

# Clause 9.2 belongs to evaluation, which may not know the runs that populations come from.
SAMPLE = Kind(
    name="sample",
    model=Sample,
    prefix="SMP",
    clause="9.2",
    title=_("Sample"),
    plural=_("Samples"),
    workflow=workflows.SAMPLE,
    before=(workflows.SAMPLE_BEFORE,),
    fields=("requirement", "rule", "part", "run", "method", "stratified_by", "size", "seed", "named"),
    columns=("number", "title", "requirement", "method", "examined_count", "deviating_count", "status", "recorded_at"),
    filters=("status", "requirement", "method", "run"),
    searched=("requirement", "seed", "conclusion"),
    may={
        "read": READERS,
        "create": workflows.DRAWERS,
        "comment": CHECKERS,
        "export": EXPORTING,
        sampling.EXAMINED: workflows.DRAWERS,
    },
    prepare=sampling.prepare_sample,
    check=sampling.check_sample,
    after=(sampling.have_it_drawn, sampling.keep_strata, sampling.count_examined),
    rebuild=(sampling.recount,),
    projections=("examined_count", "deviating_count"),
    verbs={sampling.EXAMINED: _("Looked at a record")},
    tells={"about": (_("Record"), str), "outcome": (_("Found"), sampling.outcome_words)},
    icon="checklist",
)
