"""The ten roles that permissions are written in (5.3), and groups of them for kinds to name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Says

REQUESTER: Final = "requester"
AGENT: Final = "agent"
PROCESS_MANAGER: Final = "process_manager"
SERVICE_OWNER: Final = "service_owner"
CUSTOMER_MANAGER: Final = "customer_manager"
SMS_MANAGER: Final = "sms_manager"
INTERNAL_AUDITOR: Final = "internal_auditor"
EXTERNAL_AUDITOR: Final = "external_auditor"
TOP_MANAGEMENT: Final = "top_management"
ADMINISTRATOR: Final = "administrator"


@dataclass(frozen=True, slots=True)
class RoleText:
    """What a role is called and answers for, in both languages."""

    code: str
    title: Says
    en: str
    zh: str
    purpose_en: str
    purpose_zh: str


ROLES: Final = (
    RoleText(REQUESTER, _("Requester"), "Requester", "请求者",
             "Reports what is wrong and asks for services", "报告异常并申请服务"),
    RoleText(AGENT, _("Service desk agent"), "Service desk agent", "服务台人员",
             "Records, classifies and resolves contacts", "记录、分类并解决用户联络"),
    RoleText(PROCESS_MANAGER, _("Process manager"), "Process manager", "过程经理",
             "Designs, runs and improves one SMS process", "设计、运行和改进一个过程"),
    RoleText(SERVICE_OWNER, _("Service owner"), "Service owner", "服务负责人",
             "Answers for one service end to end", "对一项服务端到端负责"),
    RoleText(CUSTOMER_MANAGER, _("Customer manager"), "Customer manager", "客户经理",
             "Manages customers and satisfaction", "管理客户关系与满意"),
    RoleText(SMS_MANAGER, _("SMS manager"), "SMS manager", "体系负责人",
             "Keeps the SMS conforming and reports on it", "保持体系符合并报告绩效"),
    RoleText(INTERNAL_AUDITOR, _("Internal auditor"), "Internal auditor", "内审员",
             "Audits without bias", "独立公正地审核"),
    RoleText(EXTERNAL_AUDITOR, _("External auditor"), "External auditor", "外审员",
             "Reads the evidence for a limited time and changes nothing", "在限定时间内只读查阅证据"),
    RoleText(TOP_MANAGEMENT, _("Top management"), "Top management", "最高管理层",
             "Leads the SMS and answers for its results", "领导体系并对结果负责"),
    RoleText(ADMINISTRATOR, _("Administrator"), "Administrator", "管理员",
             "Runs the service management tool", "运维服务管理工具"),
)  # fmt: skip

CODES: Final = tuple(role.code for role in ROLES)

# May see all service records.
STAFF: Final = (
    AGENT, PROCESS_MANAGER, SERVICE_OWNER, CUSTOMER_MANAGER, SMS_MANAGER,
    INTERNAL_AUDITOR, EXTERNAL_AUDITOR, TOP_MANAGEMENT, ADMINISTRATOR,
)  # fmt: skip
EVERYONE: Final = (REQUESTER, *STAFF)
AUDITORS: Final = (INTERNAL_AUDITOR, EXTERNAL_AUDITOR)
# Work on the records of daily service.
DESK: Final = (AGENT, PROCESS_MANAGER, SERVICE_OWNER, ADMINISTRATOR)
# Answer for how a process runs.
PROCESS: Final = (PROCESS_MANAGER, SMS_MANAGER, ADMINISTRATOR)
# Keep the agreements with customers.
AGREEING: Final = (SERVICE_OWNER, CUSTOMER_MANAGER, PROCESS_MANAGER, SMS_MANAGER, ADMINISTRATOR)
# Write what the service management system rests on: services, documents, criteria.
AUTHORS: Final = (SERVICE_OWNER, PROCESS_MANAGER, SMS_MANAGER, ADMINISTRATOR)
# Direct the service management system.
DIRECTING: Final = (SMS_MANAGER, TOP_MANAGEMENT, ADMINISTRATOR)
# Take lists out of the house; an external auditor asks for an audit pack instead.
EXPORTING: Final = (
    PROCESS_MANAGER, SERVICE_OWNER, CUSTOMER_MANAGER, SMS_MANAGER, INTERNAL_AUDITOR, TOP_MANAGEMENT, ADMINISTRATOR,
)  # fmt: skip


def role_title(code: str) -> str:
    """What a role is called in the language of the moment; an unknown code stands for itself."""
    for role in ROLES:
        if role.code == code:
            return role.zh if (get_language() or "").startswith("zh") else role.en
    return code
