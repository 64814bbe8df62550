"""Whoever bends a pack is found out, whatever they bend and whatever key they hold; and it is named."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.certification.pack.bags import (
    Files,
    bag_verdict,
    closed,
    listed_anew,
    opened,
    resigned_proof,
    signed_anew,
    verdict,
)
from tests.certification.pack.conftest import House

from gnomon.certification.pack.verifier import bagged
from gnomon.records.ledger import verify_proof
from gnomon.records.ledger.keys import signed_by

pytestmark = pytest.mark.django_db


def sort_of(name: str) -> str:
    """What kind of file it is: all records are alike, and so are all pages of clauses."""
    name = re.sub("/(en|zh)/", "/*/", name)
    return re.sub(r"[A-Z]{2,4}-\d+(-v\d+)?|[0-9a-f]{64}|\b\d+(\.\d+)+\b", "*", name)


def one_of_each_sort(files: Files) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in files:
        found.setdefault(sort_of(name), []).append(name)
    return found


def test_the_packs_that_are_bent_below_have_every_sort_of_file(house: House) -> None:
    sorts = set(one_of_each_sort(opened(house.pack()[0])[1]))
    assert {
        "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.json", "index.html",
        "verify.py", "README.txt", "data/index.json", "data/run/*.json", "data/lists/*.txt", "data/records/*.json",
        "data/ledger/checkpoint.json", "data/attachments/*.txt", "data/attachments/*.png", "data/documents/*.txt",
        "data/view/style.css", "data/view/*/index.html", "data/view/*/clauses/*.html", "data/view/*/records/*.html",
    } <= sorts  # fmt: skip


def test_altered_removed_added_and_swapped_files_are_named(house: House, capsys: Any) -> None:
    _top, files = opened(house.pack()[0])
    assert bag_verdict(files, capsys)[0]
    unnoticed = []
    for names in one_of_each_sort(files).values():
        for bent, name in _bent(files, names):
            holds, says = bag_verdict(bent, capsys)
            if holds or name not in says:
                unnoticed.append(name)
    assert unnoticed == []


def _bent(files: Files, names: list[str]) -> list[tuple[Files, str]]:
    """The files with one of a sort altered, removed, another added beside it, and two swapped."""
    name = names[0]
    middle = len(files[name]) // 2
    flipped = files[name][:middle] + bytes([files[name][middle] ^ 1]) + files[name][middle + 1 :]
    beside = name + ".bak"
    tried = [
        ({**files, name: flipped}, name),
        ({other: content for other, content in files.items() if other != name}, name),
        ({**files, beside: b"more"}, beside),
    ]
    twin = next((other for other in names[1:] if files[other] != files[name]), None)
    if twin is not None:
        tried.append(({**files, name: files[twin], twin: files[name]}, name))
    return tried


def test_who_lists_bent_files_anew_lacks_the_key(house: House, capsys: Any) -> None:
    _top, files = opened(house.pack()[0])
    for names in one_of_each_sort(files).values():
        if names[0] in {"manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.json"}:
            continue
        holds, says = bag_verdict(listed_anew({**files, names[0]: b" " + files[names[0]]}), capsys)
        assert not holds, names[0]
        assert "The pack as a whole is not what key" in says, names[0]


# --- a forger who holds the key ---------------------------------------------------------------


def index_bent(bend: Callable[[Any], None]) -> Callable[[Files], Files]:
    def bent(files: Files) -> Files:
        index = json.loads(files["data/index.json"])
        bend(index)
        return {**files, "data/index.json": json.dumps(index).encode()}

    return bent


def asked(index: Any, requirement: str) -> Any:
    return next(r for clause in index["clauses"] for r in clause["requirements"] if r["id"] == requirement)


def kinder_verdict(index: Any) -> None:
    asked(index, "8.6.1-b")["status"] = "conforming"


def kinder_rule(index: Any) -> None:
    asked(index, "8.6.1-b")["rules"][0]["status"] = "conforming"


def fewer_failed(index: Any) -> None:
    rule = asked(index, "8.6.1-b")["rules"][0]
    rule["failed"] = asked(index, "8.6.1-e")["rules"][0]["failed"]


def other_count(index: Any) -> None:
    asked(index, "8.6.1-e")["rules"][0]["seen"]["count"] = 11


def chosen_sample(index: Any) -> None:
    sample = asked(index, "8.6.1-e")["rules"][0]["samples"][0]
    sample["numbers"] = ["INC-000010", "INC-000011", "INC-000012"]


def other_seed(index: Any) -> None:
    index["order"]["seed"] = "summer"


def no_sample(index: Any) -> None:
    asked(index, "8.6.1-e")["rules"][0]["samples"] = []


def left_out(index: Any) -> None:
    for clause in index["clauses"]:
        clause["requirements"] = [r for r in clause["requirements"] if r["id"] != "8.6.1-b"]


def claimed(index: Any) -> None:
    rule = asked(index, "8.6.1-f")["rules"][0]
    rule |= {"status": "conforming", "seen": asked(index, "8.6.1-e")["rules"][0]["seen"]}


def file_unmentioned(index: Any) -> None:
    index["attachments"] = index["attachments"][1:]


def older_document(index: Any) -> None:
    index["documents"][0]["version"] = index["documents"][1]["version"]


def other_measure(index: Any) -> None:
    index["measures"][0]["counted"]["count"] += 1


def of_another_ledger(index: Any) -> None:
    index["basis"]["checkpoint"]["root"] = "00" * 32


def record_hidden(files: Files) -> Files:
    index = json.loads(files["data/index.json"])
    index["records"]["INC-000001"]["entries"] = 0
    bent = {name: content for name, content in files.items() if name != "data/records/INC-000001.json"}
    return {**bent, "data/index.json": json.dumps(index).encode()}


def record_bent(bend: Callable[[Any], None]) -> Callable[[Files], Files]:
    def bent(files: Files) -> Files:
        name = "data/records/INC-000001.json"
        proof = json.loads(files[name])
        bend(proof)
        return {**files, name: resigned_proof(proof)}

    return bent


def entry_left_out(proof: Any) -> None:
    proof["entries"] = proof["entries"][:-1]


def first_entry_left_out(proof: Any) -> None:
    proof["entries"] = proof["entries"][1:]


def verb_bent(proof: Any) -> None:
    proof["entries"][0]["content"]["verb"] = "incident:closed"


def personal_bent(proof: Any) -> None:
    proof["entries"][0]["revealed"]["title"][1] = "All is well"


def of_another_record(files: Files) -> Files:
    return {**files, "data/records/INC-000001.json": files["data/records/INC-000002.json"]}


def run_bent(files: Files) -> Files:
    name = next(name for name in files if name.startswith("data/run/"))
    return {**files, name: files[name].replace(b"nonconforming", b"conforming")}


def run_and_index_bent(files: Files) -> Files:
    """All consistent among themselves, but not what the ledger sealed."""
    bent = run_bent(files)
    return {**bent, "data/index.json": files["data/index.json"].replace(b'"nonconforming"', b'"conforming"')}


def list_bent(files: Files) -> Files:
    index = json.loads(files["data/index.json"])
    name = f"data/lists/{asked(index, '8.6.1-e')['rules'][0]['seen']['list']}.txt"
    return {**files, name: files[name] + b"INC-000099\n"}


def list_added(files: Files) -> Files:
    return {**files, f"data/lists/{'ab' * 32}.txt": b"INC-000001\n"}


def attachment_bent(files: Files) -> Files:
    name = next(name for name in files if name.startswith("data/attachments/"))
    return {**files, name: b"all quiet"}


def document_bent(files: Files) -> Files:
    name = next(name for name in files if name.startswith("data/documents/"))
    return {**files, name: b"We always served."}


def unlisted_page(files: Files) -> Files:
    return {**files, "data/index.json": b"[]"}


FORGERIES: tuple[tuple[Callable[[Files], Files], str], ...] = (
    (index_bent(kinder_verdict), "tells 8.6.1-b otherwise than RUN-000001 found it"),
    (index_bent(kinder_rule), "tells the check 8.6.1-b/1 otherwise than it was run"),
    (index_bent(fewer_failed), "names other late or failed records for 8.6.1-b/1"),
    (index_bent(other_count), "names another population for 8.6.1-e/1"),
    (index_bent(chosen_sample), "The sample of 8.6.1-e/1 is not the one that the seed draws"),
    (index_bent(other_seed), "is not the one that the seed draws"),
    (index_bent(no_sample), "No sample was drawn of what 8.6.1-e/1 had seen"),
    (index_bent(left_out), "The index leaves out a check of 8.6.1-b"),
    (index_bent(claimed), "tells of a check 8.6.1-f/1 that was never run"),
    (index_bent(file_unmentioned), "do not agree about the file"),
    (index_bent(older_document), "is not what DOC-000001 said in that version"),
    (index_bent(other_measure), "but its list holds"),
    (index_bent(of_another_ledger), "The index (data/index.json) speaks of another checkpoint"),
    (record_hidden, "INC-000001.*drawn|do not agree about the file"),
    (record_bent(entry_left_out), "INC-000001 has .* entries, but the index says"),
    (record_bent(first_entry_left_out), "does not hold the entries of INC-000001 from the first to the last"),
    (record_bent(verb_bent), "INC-000001 #1 is not what was sealed at position"),
    (record_bent(personal_bent), "INC-000001 #1: “title” is not what was sealed"),
    (of_another_record, "does not hold the entries of INC-000001"),
    (run_bent, "is not what the ledger sealed of RUN-000001"),
    (run_and_index_bent, "is not what the ledger sealed of RUN-000001"),
    (list_bent, "is not the list of that digest"),
    (list_added, "is a list that the index does not name"),
    (attachment_bent, "is not the file that was attached to INC-"),
    (document_bent, "is not what DOC-000001 said in that version"),
    (unlisted_page, "is missing from the file or is not what it should be"),
)


@pytest.fixture
def quick_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signatures by the library; that the verifier's own arithmetic agrees is shown with the proofs."""
    for module in (verify_proof, bagged):
        monkeypatch.setattr(module, "is_signed", signed_by)


def test_who_holds_the_key_cannot_bend_what_the_ledger_sealed(
    house: House, tmp_path: Path, capsys: Any, quick_signatures: None
) -> None:
    top, files = opened(house.pack()[0])
    assert verdict(closed(top, signed_anew(files)), tmp_path, capsys)[0] == 0
    for forge, sentence in FORGERIES:
        code, says = verdict(closed(top, signed_anew(forge(files))), tmp_path, capsys)
        assert code == 1, sentence
        assert re.search(sentence.replace("(", r"\(").replace(")", r"\)"), says), (sentence, says)


def test_another_key_convinces_nobody_who_was_told_the_right_one(house: House, tmp_path: Path, capsys: Any) -> None:
    pack = house.pack()[0]
    code, says = verdict(pack, tmp_path, capsys, "--key", "0123456789abcdef")
    assert code == 1
    assert "None of the keys that you gave is in the file." in says


# --- archives that harm whoever opens them ----------------------------------------------------


def archive(*members: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as opened_archive:
        for name, content in members:
            opened_archive.writestr(name, content)
    return made.getvalue()


def a_link() -> zipfile.ZipInfo:
    link = zipfile.ZipInfo("pack/data/link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return link


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (archive(("pack/../../etc/passwd", b"x")), "is not a path that a pack may hold"),
        (archive(("/etc/passwd", b"x")), "is not a path that a pack may hold"),
        (archive(("pack/C:\\windows\\x", b"x")), "is not a path that a pack may hold"),
        (archive((a_link(), b"/etc/passwd")), "is a link to somewhere else"),
        (archive(("pack/bagit.txt", b"\0" * (64 << 20)), method=zipfile.ZIP_DEFLATED), "far larger than any pack"),
        (b"PK\x03\x04 cut off", "This is not a ZIP file that can be read"),
        (b"", "This is not a ZIP file that can be read"),
    ],
)
def test_archives_that_would_harm_are_refused(file: bytes, sentence: str, tmp_path: Path, capsys: Any) -> None:
    code, says = verdict(file, tmp_path, capsys)
    assert code == 2
    assert sentence in says
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["pack.zip"]


def test_two_files_of_one_name_are_refused(house: House, tmp_path: Path, capsys: Any) -> None:
    top, files = opened(house.pack()[0])
    made = io.BytesIO(closed(top, files))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(made, "a") as opened_archive:
        opened_archive.writestr(f"{top}/data/index.json", b"{}")
    code, says = verdict(made.getvalue(), tmp_path, capsys)
    assert (code, "Two files in this archive have the same name." in says) == (2, True)


def test_a_file_that_is_no_pack_is_said_to_be_none(tmp_path: Path, capsys: Any) -> None:
    code, says = verdict(archive(("notes/readme.txt", b"hello")), tmp_path, capsys)
    assert code == 1
    assert "bagit.txt is missing." in says
