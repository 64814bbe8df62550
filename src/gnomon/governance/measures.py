"""How current documented information is kept (7.5)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Measure

OF_DOCUMENTS: dict[str, Any] = {"process": "document_control", "kind": "document", "dimensions": ("type", "owner")}

DOCUMENT_CURRENCY = Measure(
    "document_currency", title=_("Documents reviewed on time"), unit="%", how="share", direction="higher", target=98,
    among={"status": "published"}, holds={"next_review_date.from": "{day}"}, kept_by=("type",),
    formula=_("Share of published documents whose next review still lies ahead"),
    **OF_DOCUMENTS,
)  # fmt: skip

DOCUMENTS_OVERDUE = Measure(
    "documents_overdue", title=_("Documents past their review"), unit="count", how="count", direction="lower", target=0,
    among={"status": "published", "next_review_date.to": "{day}"},
    formula=_("Published documents whose next review is past"),
    **OF_DOCUMENTS,
)  # fmt: skip
