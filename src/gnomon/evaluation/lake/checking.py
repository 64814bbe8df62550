"""Whether a lake still is what was written: files by checksum, entries by digest, all of it by the root of the tree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from gnomon.evaluation.lake.manifest import (
    LakeBroken,
    LakeFile,
    Manifest,
    at_rest,
    check_files,
    read_manifest,
    strays,
)
from gnomon.evaluation.lake.parquet import read_rows
from gnomon.jobs.moments import milliseconds
from gnomon.records.ledger.entries import true_digest
from gnomon.records.ledger.merkle import Frontier


def verify_lake(folder: Path) -> Manifest:
    """The manifest of a lake that is whole; LakeBroken names the first file or entry that is not as it was written,
    or a file that was not written by us.

    Entries that were left out of the lake leave gaps in the tree; then its root cannot be computed and is not.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest.files)
    leaves: dict[int, bytes] = {}
    for file in manifest.of("entries"):
        for row in read_rows(folder / file.path):
            leaves[row["position"]] = _digest(file, row, folder)
    if len(leaves) + len(manifest.left_out) != manifest.leaves or len(leaves) != manifest.entries:
        raise LakeBroken(_("The lake has more or fewer entries than its manifest says. Export into a new folder."))
    if not manifest.left_out:
        frontier = Frontier()
        frontier.extend(leaves[at] for at in range(manifest.leaves))
        if manifest.leaves and frontier.root().hex() != manifest.root:
            raise LakeBroken(_("The entries of the lake are not those that were sealed. Export into a new folder."))
    _check_strays(folder, manifest)
    return manifest


def _check_strays(folder: Path, manifest: Manifest) -> None:
    """LakeBroken when files are there that whoever reads by folder would count; what an export writes now is none."""
    if not strays(folder, manifest):
        return
    with at_rest(folder) as resting:
        left = strays(folder, read_manifest(folder)) if resting else ()
    if left:
        says = _(
            "No manifest names “%(path)s”, and whoever reads the lake by folder counts it. Run “gnomon lake export”, "
            "which takes away what an interrupted export left; remove the file yourself if it is there still."
        )
        raise LakeBroken(says % {"path": left[0]})


def _digest(file: LakeFile, row: dict[str, Any], folder: Path) -> bytes:
    content = (
        file.kind, row["number"], row["version"], row["verb"], row["actor"], milliseconds(row["recorded_at"]),
        milliseconds(row["happened_at"]), row["facts"], row["because"], row["committed"],
    )  # fmt: skip
    true = true_digest(content)
    if true is None or true != row["digest"]:
        says = _("%(number)s #%(version)d in “%(path)s” is not what was sealed. Restore the file.")
        raise LakeBroken(says % {"number": row["number"], "version": row["version"], "path": folder / file.path})
    return true
