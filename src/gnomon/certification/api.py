"""REST of certification beside what follows from its kinds."""

from __future__ import annotations

from typing import Any

from gnomon.certification.conformity_api import CONFORMITY
from gnomon.certification.models import AuditPack
from gnomon.certification.samples_api import DRAW_AGAIN, EXAMINE, LIST_RECORDS
from gnomon.certification.views.packs import handed_out
from gnomon.records.endpoints import Call, Endpoint


def read_pack(call: Call) -> Any:
    """The bytes of a pack; who took it is written into its history."""
    assert isinstance(call.record, AuditPack)
    return handed_out(call.record, by=call.person)


READ_PACK = Endpoint(
    "read_file_of_audit_pack", "get", "file", read_pack, "The ZIP file of an audit pack", kind="audit_pack",
    description="404 until `status` is `made`. `Repr-Digest` is the SHA-256 that the ledger holds.",
    media_type="application/octet-stream",
)  # fmt: skip

__all__ = ["CONFORMITY", "DRAW_AGAIN", "EXAMINE", "LIST_RECORDS", "READ_PACK"]
