"""Own fields, workflows, level names and permissions as kinds (8.1, 5.3): every change is in the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization import workflows
from gnomon.organization.customs import check_custom_field, prepare_custom_field
from gnomon.organization.level_names import check_level_name
from gnomon.organization.models import ChangedPermission, CustomField, LevelName, WorkflowVersion
from gnomon.organization.permitting import check_permission, prepare_permission
from gnomon.organization.roles import ADMINISTRATOR, EXPORTING, PROCESS, STAFF
from gnomon.organization.workflow_versions import check_version, prepare_version, table_settled
from gnomon.records.definitions import forget_definitions
from gnomon.records.kinds import Kind

CUSTOM_FIELD = Kind(
    name="custom_field",
    rules=True, model=CustomField, prefix="FLD", clause="8.1", slug="custom-fields",
    title=_("Custom field"), plural=_("Custom fields"), workflow=workflows.CUSTOM_FIELD,
    fields=("title", "title_zh", "of_kind", "name", "type", "required", "choices", "help", "help_zh", "position"),
    columns=("number", "title", "title_zh", "of_kind", "type", "required", "status"),
    filters=("status", "of_kind", "type", "required"), searched=("title_zh", "name"),
    may={
        "read": STAFF, "create": PROCESS, "change": PROCESS, "comment": PROCESS, "export": EXPORTING,
        "import": PROCESS,
    },
    prepare=prepare_custom_field, check=check_custom_field, after=(forget_definitions,), icon="columns", order="id",
)  # fmt: skip

WORKFLOW_VERSION = Kind(
    name="workflow_version",
    rules=True, model=WorkflowVersion, prefix="WFV", clause="8.1", slug="workflow-versions",
    title=_("Workflow version"), plural=_("Workflow versions"), workflow=workflows.WORKFLOW_VERSION,
    fields=("title", "of_kind", "table"), columns=("number", "title", "of_kind", "status", "owner", "recorded_at"),
    filters=("status", "of_kind"),
    may={
        "read": STAFF, "create": PROCESS, "change": PROCESS, "comment": PROCESS, "export": EXPORTING,
        "import": PROCESS,
    },
    prepare=prepare_version, check=check_version, after=(table_settled,), icon="git-branch",
)  # fmt: skip

LEVEL_NAME = Kind(
    name="level_name", model=LevelName, prefix="LVN", clause="8.1", slug="level-names",
    title=_("Name of a level"), plural=_("Names of levels"), workflow=workflows.LEVEL_NAME,
    fields=("scale", "level", "title", "title_zh"),
    columns=("number", "scale", "level", "title", "title_zh", "status"), filters=("status",), searched=("title_zh",),
    may={
        "read": STAFF, "create": PROCESS, "change": PROCESS, "comment": PROCESS, "export": EXPORTING,
        "import": PROCESS,
    },
    check=check_level_name, after=(forget_definitions,), icon="flag", order="id",
)  # fmt: skip

CHANGED_PERMISSION = Kind(
    name="changed_permission", model=ChangedPermission, prefix="PRM", clause="5.3", slug="changed-permissions",
    title=_("Changed permission"), plural=_("Changed permissions"), workflow=workflows.CHANGED_PERMISSION,
    fields=("title", "of_kind", "verb", "role", "allowed"),
    columns=("number", "of_kind", "verb", "role", "allowed", "status"),
    filters=("status", "of_kind", "role", "allowed"),
    may={
        "read": STAFF, "create": (ADMINISTRATOR,), "change": (ADMINISTRATOR,), "comment": (ADMINISTRATOR,),
        "export": EXPORTING, "import": (ADMINISTRATOR,),
    },
    prepare=prepare_permission, check=check_permission, after=(forget_definitions,), icon="shield-check", order="id",
)  # fmt: skip
