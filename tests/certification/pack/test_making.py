"""A pack is the same each time, tells what was sealed, and convinces a stranger with Python and nothing else."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import posixpath
import re
import subprocess
import sys
import zipfile
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from tests.certification.conftest import Evidence
from tests.certification.pack.conftest import TODAY, House, sealed_house
from tests.resolution.makers import an_incident

from gnomon.certification.pack.order import Order
from gnomon.organization.models import Person
from gnomon.portfolio.models import Service
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.keys import rotate_signing_key
from gnomon.records.ledger.seal import key_folder, seal_ledger
from gnomon.records.models import Checkpoint
from gnomon.resolution.models import Incident
from gnomon.standard.plugs import Finding

pytestmark = pytest.mark.django_db


def opened(pack: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(pack))


def index_of(pack: bytes) -> Any:
    with opened(pack) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/data/index.json"))
        return json.loads(archive.read(name))


def verified(place: Path, *more: str) -> tuple[int, str]:
    """The pack's own verifier as a stranger runs it: no site packages, no environment, nothing of Gnomon."""
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(place / "verify.py"), *more],
        capture_output=True, cwd="/", timeout=120, check=False,
    )  # fmt: skip
    return run.returncode, (run.stdout + run.stderr).decode()


def unpacked(pack: bytes, where: Path) -> Path:
    with opened(pack) as archive:
        archive.extractall(where)
    (top,) = where.iterdir()
    return top


def test_the_same_order_gives_the_same_bytes_whoever_makes_it_and_wherever(house: House) -> None:
    first, made = house.pack()
    with translation.override("zh-hans"), timezone.override("America/New_York"):
        second, again = house.pack()
    assert first == second
    assert made == again
    assert house.pack(seed="autumn")[0] != first


def test_a_stranger_is_convinced(house: House, tmp_path: Path) -> None:
    pack, made = house.pack()
    code, says = verified(unpacked(pack, tmp_path / "there"))
    assert code == 0, says
    assert "This pack holds. 资料包成立。" in says
    assert made.entries > 12


def pages_of(pack: bytes) -> dict[str, str]:
    """The pages of the viewer by their paths."""
    with opened(pack) as archive:
        return {
            name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist() if name.endswith(".html")
        }


class Page(HTMLParser):
    """What a page loads and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if "href" in told:
            self.hrefs.append(told["href"] or "")
        if "id" in told:
            self.ids.add(told["id"] or "")
        self.loads += [value or "" for name, value in attrs if name in {"src", "srcset", "action", "style"}]


def test_every_link_of_the_viewer_leads_somewhere_in_the_pack(house: House) -> None:
    pack = house.pack()[0]
    with opened(pack) as archive:
        there = {name.partition("/")[2] for name in archive.namelist()}
    pages = {path: Page(html) for path, html in pages_of(pack).items()}
    lost = []
    for path, page in pages.items():
        assert page.loads == []  # nothing from elsewhere, and no style of an element's own
        for href in page.hrefs:
            file, _hash, anchor = href.partition("#")
            to = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
            if to not in there or (anchor and anchor not in pages[to].ids):
                lost.append((path, href))
    assert lost == []
    assert {"index.html", "data/view/en/index.html", "data/view/zh/records/INC-000001.html"} <= pages.keys()


def test_what_people_typed_is_text_in_the_viewer(house: House) -> None:
    page = pages_of(house.pack()[0])["data/view/en/records/INC-000001.html"]
    assert "Nothing arrives &lt;0&gt;" in page
    assert "Since &lt;b&gt;nine&lt;/b&gt; &amp; still." in page
    assert "<b>nine</b>" not in page


NONE = ["'none'"]


def test_the_viewer_may_run_its_filter_and_nothing_else(house: House) -> None:
    for path, html in pages_of(house.pack()[0]).items():
        policy = html.partition('Content-Security-Policy" content="')[2].partition('"')[0].replace("&#x27;", "'")
        assert policy.startswith("default-src 'none';"), path
        scripts = re.findall("<script>(.*?)</script>", html, re.S)
        sums = [f"'sha256-{b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts]
        assert f"script-src {' '.join(sums or NONE)};" in policy


def test_documents_say_what_they_said_then(house: House) -> None:
    pack = house.pack()[0]
    told = [(each["edition"], each["until"] is None) for each in index_of(pack)["documents"]]
    assert told == [("1", False), ("2", True)]
    with opened(pack) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if "/data/documents/" in name]
    assert texts == ["We serve.", "We serve & measure."]


def test_samples_are_drawn_by_seed_from_what_the_run_froze(house: House) -> None:
    rule = next(
        requirement["rules"][0]
        for clause in index_of(house.pack()[0])["clauses"]
        for requirement in clause["requirements"]
        if requirement["id"] == "8.6.1-b"
    )
    assert (rule["seen"]["count"], rule["late"]["count"], rule["failed"]["count"]) == (12, 1, 1)
    # by hand: SHA-256 of "spring", a line feed and the number; the three lowest of twelve
    twelve = [f"INC-{n:06d}" for n in range(1, 13)]
    lowest = sorted(twelve, key=lambda number: hashlib.sha256(f"spring\n{number}".encode()).digest())[:3]
    assert [sample["numbers"] for sample in rule["samples"]] == [sorted(lowest), ["INC-000002"], ["INC-000001"]]


def test_a_pack_of_some_services_draws_from_theirs_alone(house: House, tmp_path: Path) -> None:
    pack, _made = house.pack(services=("SVC-000001",), sample_size=12)
    rule = next(
        requirement["rules"][0]
        for clause in index_of(pack)["clauses"]
        for requirement in clause["requirements"]
        if requirement["id"] == "8.6.1-e"
    )
    # mail is every second of the twelve, beginning with the second
    assert rule["samples"][0]["numbers"] == [f"INC-{n:06d}" for n in range(2, 13, 2)]
    assert verified(unpacked(pack, tmp_path / "there"))[0] == 0


def test_people_may_stay_numbers(house: House) -> None:
    pack = house.pack(names=False)[0]
    assert b"Mona Vale" in house.pack()[0]
    assert b"Mona Vale" not in pack


def test_a_root_noted_at_an_earlier_visit_is_found_again(house: House, tmp_path: Path) -> None:
    first = Checkpoint.objects.latest("size")
    an_incident("Later")
    later = sealed_house(house.order)
    pack, _made = later.pack(known=(first.size,))
    place = unpacked(pack, tmp_path / "there")
    code, says = verified(place, "--root", f"{first.size}:{bytes(first.root).hex()}")
    assert code == 0, says
    assert f"The root that you noted for {first.size} entries is the root here." in says
    assert verified(place, "--root", f"{first.size}:{'00' * 32}")[0] == 1


def test_what_was_made_once_is_made_again_after_life_went_on(house: House) -> None:
    before = house.pack()[0]
    an_incident("Later", service=Service.objects.get(number="SVC-000001"))
    actions.comment(Incident.objects.get(number="INC-000001"), "Much later.", by=SYSTEM)
    seal_ledger()
    after = house.pack()[0]
    assert parts_of(before) == parts_of(after)


def parts_of(pack: bytes) -> dict[str, bytes]:
    """All that rests on the checkpoint alone; measures are those of the records as they stand."""
    rests = (
        "/data/records/",
        "/data/run/",
        "/data/ledger/",
        "/data/documents/",
        "/data/attachments/",
        "/view/en/records/",
    )
    with opened(pack) as archive:
        return {name: archive.read(name) for name in archive.namelist() if any(part in name for part in rests)}


def test_a_period_without_records_is_valid_and_says_that_nothing_was_seen(
    evidence: Evidence, home: Path, mona: Person, tmp_path: Path
) -> None:
    evidence.says("8.6.1-d", Finding(()))
    empty = sealed_house(Order(TODAY, TODAY, "Asia/Shanghai", clauses=("8.6.1",)))
    pack, _made = empty.pack()
    assert "Nothing was seen." in pages_of(pack)["data/view/en/index.html"]
    assert "conforming" not in index_of(pack)["counts"]
    assert verified(unpacked(pack, tmp_path / "there"))[0] == 0


def test_a_key_rotated_between_two_seals_is_no_fault(house: House, tmp_path: Path) -> None:
    known = Checkpoint.objects.latest("size").size
    rotate_signing_key(key_folder())
    an_incident("After the rotation")
    pack, _made = sealed_house(house.order).pack(known=(known,))
    assert verified(unpacked(pack, tmp_path / "there"))[0] == 0


def test_the_verifier_is_one_file_for_python_3_8_and_imports_only_its_library(house: House) -> None:
    with opened(house.pack()[0]) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/verify.py"))
        source = archive.read(name).decode()
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
