"""What of resolution is configuration."""

from __future__ import annotations

from gnomon.records.configuring.declared import Configured
from gnomon.resolution.categories import forget_tree

CATEGORIES = Configured(
    kind="category", key=("title", "parent"), fields=("title_zh", "service", "team"), order=100, forget=forget_tree,
    says=("what incidents are about; a subcategory names the category that it is part of", "事件分类；子分类注明所属分类"),
)  # fmt: skip
PRIORITIES = Configured(
    kind="priority_matrix", key=("title",), fields=("table",), order=110, standing=("in_use",),
    says=("impact → urgency → priority, 1 being the gravest of each", "影响 → 紧急度 → 优先级，均以 1 为最高"),
)  # fmt: skip
MAJOR = Configured(
    kind="major_incident_criteria", key=("title",), fields=("criteria", "priority_at_least", "criticality_at_least"),
    order=120, standing=("approved",), says=("what makes an incident a major one", "何为重大事件"),
)  # fmt: skip
