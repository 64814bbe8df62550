"""Files against the digests that the ledger has of them: every byte is read again."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _

from gnomon.records.attachments import path_of
from gnomon.records.facts import ERASED
from gnomon.records.ledger.findings import Fault, Findings
from gnomon.records.ledger.reading import rows
from gnomon.records.ledger.share import Share, takes

PAGE = 2_000
PIECE = 1 << 20


def check_files(findings: Findings, which: Share = "all", *, day: int | None = None) -> int:
    """Read attached files and name those that are gone or altered; answers how many were read."""
    if which == "none":
        return 0
    last, read = "", 0
    while page := rows(
        "SELECT sha256, MIN(id) FROM records_attachment WHERE sha256 > %s AND sha256 <> %s "
        "GROUP BY sha256 ORDER BY sha256 LIMIT %s",
        [last, ERASED, PAGE],
    ):
        for sha256, key in page:
            if not _is_digest(str(sha256)):
                continue  # it must not lead to another folder; what it should be is told with the record
            if takes(sum(str(sha256).encode()), which, day):
                read += 1
                _check(str(sha256), key, findings)
        last = page[-1][0]
    return read


def _is_digest(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def _check(sha256: str, key: int, findings: Findings) -> None:
    says = ""
    try:
        if _digest(sha256) != sha256:
            says = _("%(number)s: the file “%(name)s” was altered: its bytes are not those that were attached.")
    except OSError:
        says = _("%(number)s: the file “%(name)s” is gone from the folder of attachments. Restore it from a backup.")
    if says:
        kind, number, name, entry = rows(
            "SELECT kind, number, name, entry FROM records_attachment WHERE id = %s", [key]
        )[0]
        says %= {"number": number, "name": name}
        findings.add(Fault("file_differs", says, sequence=entry, kind=kind, number=number, field="attachment"))


def _digest(sha256: str) -> str:
    digest = hashlib.sha256()
    with path_of(sha256).open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
