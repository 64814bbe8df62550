"""The ten roles that permissions are written in (5.3), groups of them for kinds to name, and roles made here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import lazy
from django.utils.translation import get_language

from gnomon.records.definitions import own_roles
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
    en: str
    zh: str
    purpose_en: str
    purpose_zh: str
    may_en: str
    may_zh: str

    @property
    def title(self) -> Says:
        """The name in the language of whoever reads it."""
        return _lazy_title(self.code)


ROLES: Final = (
    RoleText(REQUESTER, "Requester", "请求人",
             "Reports what is wrong and asks for services", "报告异常并申请服务",
             "Confirm that a matter is resolved; reopen it", "确认已解决；重新打开"),
    RoleText(AGENT, "Service desk agent", "服务台人员",
             "Records, classifies and resolves contacts", "记录、分类并解决用户联络",
             "Resolve and close within instructions; escalate", "按指导解决并关闭；升级"),
    RoleText(PROCESS_MANAGER, "Process manager", "过程经理",
             "Designs, runs and improves one SMS process", "设计、运行和改进一个过程",
             "Change the process under change control; set process criteria", "在变更控制下修改过程；设定过程准则"),
    RoleText(SERVICE_OWNER, "Service owner", "服务负责人",
             "Answers for one service end to end", "对一项服务端到端负责",
             "Agree service requirements; propose service changes", "商定服务要求；提出服务变更"),
    RoleText(CUSTOMER_MANAGER, "Customer manager", "客户经理",
             "Manages customers and satisfaction", "管理客户关系与满意",
             "Escalate complaints; call service reviews", "升级投诉；召集服务评审"),
    RoleText(SMS_MANAGER, "SMS manager", "体系负责人",
             "Keeps the SMS conforming and reports on it", "保持体系符合并报告绩效",
             "Stop a process that breaches the SMS; request corrective action", "叫停违反体系的活动；要求采取纠正措施"),
    RoleText(INTERNAL_AUDITOR, "Internal auditor", "内审员",
             "Audits without bias", "独立公正地审核",
             "Access all evidence; raise findings", "查阅全部证据；提出发现"),
    RoleText(EXTERNAL_AUDITOR, "External auditor", "外审员",
             "Reads the evidence for a limited time and changes nothing", "在限定时间内只读查阅证据",
             "Read all evidence; ask for audit packs", "只读查阅证据；索取审核资料包"),
    RoleText(TOP_MANAGEMENT, "Top management", "最高管理层",
             "Leads the SMS and answers for its results", "领导体系并对结果负责",
             "Approve policy and objectives; provide resources; chair management review",
             "批准方针与目标；提供资源；主持管理评审"),
    RoleText(ADMINISTRATOR, "Administrator", "管理员",
             "Runs the service management tool", "运维服务管理工具",
             "Grant tool access", "授予工具权限"),
)  # fmt: skip

CODES: Final = tuple(role.code for role in ROLES)

# May see all service records.
STAFF: Final = (
    AGENT, PROCESS_MANAGER, SERVICE_OWNER, CUSTOMER_MANAGER, SMS_MANAGER,
    INTERNAL_AUDITOR, EXTERNAL_AUDITOR, TOP_MANAGEMENT, ADMINISTRATOR,
)  # fmt: skip
# Have a say on records; an external auditor only reads.
SPEAKING: Final = tuple(code for code in STAFF if code != EXTERNAL_AUDITOR)
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
    own = own_roles().get(code)
    return str(own.title) if own else code


def known_roles() -> tuple[RoleText, ...]:
    """Every role that can be given: the ten, and those that administrators made."""
    texts = {role.code: role for role in ROLES}
    own = (
        RoleText(one.code, one.title.en, one.title.zh or one.title.en, *_purposes(texts[one.base]))
        for one in own_roles().values()
        if one.base in texts
    )
    return (*ROLES, *own)


def known_codes() -> tuple[str, ...]:
    return (*CODES, *own_roles())


def base_of(code: str) -> str:
    """The one of the ten in whose place a role stands; one of the ten stands for itself."""
    own = own_roles().get(code)
    return own.base if own else code


def _purposes(role: RoleText) -> tuple[str, str, str, str]:
    return role.purpose_en, role.purpose_zh, role.may_en, role.may_zh


_lazy_title = lazy(role_title, str)
