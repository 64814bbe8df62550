"""Custom fields and versions of workflows as kinds of record (8.1): every change of them is in the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization import workflows
from gnomon.organization.customs import check_custom_field, known_anew, prepare_custom_field
from gnomon.organization.models import CustomField, WorkflowVersion
from gnomon.organization.roles import EXPORTING, PROCESS, STAFF
from gnomon.organization.workflow_versions import check_version, prepare_version, table_settled
from gnomon.records.kinds import Kind

CUSTOM_FIELD = Kind(
    name="custom_field", model=CustomField, prefix="FLD", clause="8.1", slug="custom-fields",
    title=_("Custom field"), plural=_("Custom fields"), workflow=workflows.CUSTOM_FIELD,
    fields=("title", "title_zh", "of_kind", "name", "type", "required", "choices", "help", "help_zh", "position"),
    columns=("number", "title", "title_zh", "of_kind", "type", "required", "status"),
    filters=("status", "of_kind", "type", "required"), searched=("title_zh", "name"),
    may={
        "read": STAFF, "create": PROCESS, "change": PROCESS, "comment": PROCESS, "export": EXPORTING,
        "import": PROCESS,
    },
    prepare=prepare_custom_field, check=check_custom_field, after=(known_anew,), icon="columns", order="id",
)  # fmt: skip

WORKFLOW_VERSION = Kind(
    name="workflow_version", model=WorkflowVersion, prefix="WFV", clause="8.1", slug="workflow-versions",
    title=_("Workflow version"), plural=_("Workflow versions"), workflow=workflows.WORKFLOW_VERSION,
    fields=("title", "of_kind", "table"), columns=("number", "title", "of_kind", "status", "owner", "recorded_at"),
    filters=("status", "of_kind"),
    may={
        "read": STAFF, "create": PROCESS, "change": PROCESS, "comment": PROCESS, "export": EXPORTING,
        "import": PROCESS,
    },
    prepare=prepare_version, check=check_version, after=(table_settled,), icon="git-branch",
)  # fmt: skip
