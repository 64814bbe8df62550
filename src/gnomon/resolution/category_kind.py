"""Categories as a kind of record (8.6.1 a)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.organization.roles import AUTHORS, EXPORTING, SPEAKING, STAFF
from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.permissions import may
from gnomon.resolution import categories
from gnomon.resolution.models import Category
from gnomon.resolution.workflows import CATEGORY
from gnomon.standard.plugs import Actor
from gnomon.ui.tables import Option


def more(record: Record, person: Actor) -> list[Option]:
    """The way to make two categories one."""
    if not may(person, "change", record.kind):
        return []
    return [Option("merge", _("Merge into another"), f"{record.get_absolute_url()}/merge", icon="arrows-exchange")]


category = Kind(
    name="category", rules=True, model=Category, prefix="CAT", clause="8.6.1", slug="categories", title=_("Category"),
    plural=_("Categories"), workflow=CATEGORY, fields=("title", "title_zh", "parent", "service", "team"),
    columns=("number", "title", "title_zh", "parent", "service", "team", "status"), filters=("status", "parent", "service", "team"),
    searched=("title_zh",),
    may={
        "read": STAFF, "create": AUTHORS, "change": AUTHORS, "comment": SPEAKING, "export": EXPORTING, "import": AUTHORS,
    },
    check=categories.what_is_wrong, after=(categories.forget_tree,), more=more, requirements=("8.6.1-a2",), icon="category",
    order="title",
)  # fmt: skip
