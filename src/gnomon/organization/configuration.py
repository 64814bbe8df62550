"""What of people's organisation, hours, fields and workflows is configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gnomon.organization.models import WorkflowVersion
from gnomon.records.configuring.declared import Configured
from gnomon.records.definitions import DRAFTED, IN_FORCE, forget_definitions


def _bare(name: str, value: Any) -> Any:
    """A workflow without the number that it has here."""
    return {"states": value["states"], "moves": value["moves"]} if name == "table" and value else value


def _same_workflow(item: Mapping[str, Any]) -> WorkflowVersion | None:
    """The version that has exactly these states and moves, in force before drafted."""
    known = WorkflowVersion.objects.filter(of_kind=item.get("of_kind"), status__in=(IN_FORCE, DRAFTED))
    alike = [one for one in known.order_by("-edition") if _bare("table", one.table) == item.get("table")]
    return min(alike, key=lambda one: one.status != IN_FORCE, default=None)


HOURS = Configured(
    kind="work_calendar", key=("title",), fields=("hours",), order=10, standing=("in_use",),
    says=("when the clocks of agreements run; closed and open days by date",
          "服务级别协议计时所用的时间；按日期列出的休息日和补班日"),
)  # fmt: skip
TEAMS = Configured(
    kind="team", key=("title",), fields=("parent", "escalates_to", "email"), order=20, standing=("active",),
    says=("who works together; people are not part of the file", "团队；文件不包含人员"),
)  # fmt: skip
ROLES = Configured(
    kind="role", key=("code",), fields=("title", "title_zh", "based_on", "description", "description_zh", "authorities",
                                        "authorities_zh"),
    order=30, standing=("in_use",), says=("what roles answer for", "角色的职责与权限说明"),
    forget=forget_definitions,
)  # fmt: skip
CUSTOM_FIELDS = Configured(
    kind="custom_field", key=("of_kind", "name"), order=40,
    fields=("title", "title_zh", "type", "required", "choices", "help", "help_zh", "position"),
    says=("fields of your own, with their choices in both languages", "自定义字段及其中英文选项"),
)  # fmt: skip
WORKFLOW_VERSIONS = Configured(
    kind="workflow_version", key=("of_kind",), fields=("title", "table"), order=50, standing=(IN_FORCE,),
    told=_bare, same=_same_workflow, by_others=True,
    says=("workflows of your own in force; imported ones wait as drafts until somebody puts them in force",
          "现行的自定义工作流；导入后为草稿，由有权人员启用"),
)  # fmt: skip
LEVEL_NAMES = Configured(
    kind="level_name", key=("scale", "level"), fields=("title", "title_zh"), order=45, standing=("in_use",),
    forget=forget_definitions,
    says=("what priorities, impacts and urgencies are called here; levels that are not named keep their usual name",
          "优先级、影响和紧急度各级别在本组织的名称；未列出的级别使用通常名称"),
)  # fmt: skip
CHANGED_PERMISSIONS = Configured(
    kind="changed_permission", key=("of_kind", "verb", "role"), fields=("allowed",), order=35, standing=("in_use",),
    forget=forget_definitions,
    says=("what roles may do where it is decided otherwise than usual", "角色权限中与通常规定不同的部分"),
)  # fmt: skip
