"""The bag (RFC 8493): every file is listed and unaltered, none is missing, none was added; all is signed."""

# ruff: noqa: UP006, UP035
# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

import re
import zipfile
from typing import Any, Dict

from gnomon.certification.pack.verifier.packed import Pack
from gnomon.certification.pack.verifier.places import is_plain
from gnomon.records.ledger.verify_proof import Unreadable, canonical, is_signed, octets, part

PACK_FORMAT = "gnomon-audit-pack/1"
TAG_MANIFEST = "tagmanifest-sha256.txt"
MANIFEST = "manifest-sha256.txt"
SIGNATURE = "signature.json"
UNLISTED = {TAG_MANIFEST, SIGNATURE}


def check_bag(pack: Pack) -> None:
    """Every file is listed with its digest, every listed file is there, and none besides."""
    declared = pack.text("bagit.txt").splitlines()
    pack.report.say(
        declared == ["BagIt-Version: 1.0", "Tag-File-Character-Encoding: UTF-8"],
        ("This is a bag as RFC 8493 describes it.", "这是 RFC 8493 所述的 BagIt 包。"),
        ("bagit.txt does not say what a bag says.", "bagit.txt 的声明不符。"),
    )
    payload, tags = manifest_of(pack, MANIFEST), manifest_of(pack, TAG_MANIFEST)
    inside = {name for name in pack.names if name.startswith("data/")}
    whole = check_listed(pack, payload, inside, MANIFEST)
    whole = check_listed(pack, tags, pack.names - inside - UNLISTED, TAG_MANIFEST) and whole
    if whole:
        count = len(payload) + len(tags)
        pack.report.holds(
            f"All {count} files are listed and unaltered, and there are no others.",
            f"全部 {count} 个文件均在清单中且未被修改，无多余文件。",
        )
    check_oxum(pack, payload)


def manifest_of(pack: Pack, name: str) -> Dict[str, str]:
    found = {}  # type: Dict[str, str]
    for line in pack.text(name).splitlines():
        digest, gap, path = line.partition("  ")
        path = path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        if not gap or not re.fullmatch("[0-9a-f]{64}", digest) or path in found or not is_plain(path):
            raise Unreadable(f"{name} has a line that is not a digest and a path: {line!r}.")
        found[path] = digest
    return found


def check_listed(pack: Pack, listed: Dict[str, str], there: Any, manifest: str) -> bool:
    before = pack.report.broken
    for name in sorted(set(listed) - there):
        pack.report.fails(f"{name} is listed in {manifest}, but it is missing.", f"缺少 {manifest} 所列的 {name}。")
    for name in sorted(there - set(listed)):
        pack.report.fails(
            f"{name} was added: {manifest} does not list it.", f"{name} 是多出的文件，{manifest} 未列出。"
        )
    for name in sorted(set(listed) & there):
        try:
            unaltered = pack.source.digest(name) == listed[name]
        except (zipfile.BadZipFile, EOFError, OSError):
            unaltered = False
        if not unaltered:
            pack.report.fails(
                f"{name} was altered: it has not the digest in {manifest}.",
                f"{name} 被修改过，与 {manifest} 中的摘要不符。",
            )
    return pack.report.broken == before


def check_oxum(pack: Pack, payload: Dict[str, str]) -> None:
    octets_there = sum(pack.source.size(name) for name in payload if name in pack.names)
    told = [line[14:] for line in pack.text("bag-info.txt").splitlines() if line.startswith("Payload-Oxum: ")]
    pack.report.say(
        told == [f"{octets_there}.{len(payload)}"],
        (
            f"The payload is {octets_there} bytes in {len(payload)} files, as bag-info.txt says.",
            "内容大小与 bag-info.txt 相符。",
        ),
        ("The payload has not the size that bag-info.txt says.", "内容大小与 bag-info.txt 不符。"),
    )


def check_signature(pack: Pack) -> None:
    """The manifests were signed as a whole: who alters a file and lists it anew has no key."""
    seal = pack.json(SIGNATURE)
    key, signature = part(seal, "key", str), octets(part(seal, "signature", str))
    rest = {name: value for name, value in seal.items() if name != "signature"}
    holds = (
        part(seal, "format", str) == PACK_FORMAT
        and part(seal, "tagmanifest", str) == pack.source.digest(TAG_MANIFEST)
        and key in pack.keys
        and is_signed(pack.keys[key], canonical(rest), signature)
    )
    pack.report.say(
        holds,
        (f"The pack as a whole is signed by {key}.", f"资料包整体由 {key} 签名。"),
        (
            f"The pack as a whole is not what key {key} signed ({SIGNATURE}, {TAG_MANIFEST}).",
            f"资料包整体与密钥 {key} 的签名不符。",
        ),
    )
