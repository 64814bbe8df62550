from __future__ import annotations

import gzip
import importlib.util
import re
import sys
from pathlib import Path

from gnomon.ui.icons import icon, icon_names

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src" / "gnomon" / "ui" / "static"
TEMPLATES = ROOT / "src" / "gnomon" / "ui" / "templates"


def test_vendored_files_are_what_the_lock_says() -> None:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "scripts" / "vendor" / "vendor.py")
    assert spec
    assert spec.loader
    vendor = importlib.util.module_from_spec(spec)
    sys.modules["vendor"] = vendor  # dataclasses look themselves up there
    spec.loader.exec_module(vendor)
    assert list(vendor.check()) == []


def test_all_that_the_first_page_loads_stays_under_200_kilobytes() -> None:
    head = (TEMPLATES / "ui" / "_head.html").read_text()
    files = [name for name in re.findall(r"{% static '([^']+)' %}", head) if not name.endswith("print.css")]
    files.append("vendor/icons.svg")
    assert len(files) >= 10
    sizes = {name: len(gzip.compress((STATIC / name).read_bytes(), 6)) for name in files}
    # The font is compressed already. The page itself is well under 15 kB.
    assert sum(sizes.values()) < 185_000, sizes


def test_our_own_scripts_stay_small() -> None:
    for script in (STATIC / "ui").glob("*.js"):
        assert len(gzip.compress(script.read_bytes())) < 6_000, script.name


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    named = set()
    for page in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r'{% icon "([\w-]+)"', page.read_text()))
    assert len(named) > 30
    assert named <= icon_names()


def test_an_unknown_icon_draws_a_ring_and_no_markup() -> None:
    assert "#circle" in icon('x"><script>')
    assert "<script" not in icon("x", says='"><script>')


def test_pages_ask_no_other_host_and_carry_no_script_of_their_own() -> None:
    for page in TEMPLATES.rglob("*.html"):
        text = page.read_text()
        assert not re.search(r'(src|href)="(https?:)?//', text), page.name
        assert not re.search(r"\son[a-z]+=[\"']", text), page.name
        assert not re.search(r"\sstyle=", text), page.name
        assert not re.search(r"<script(?![^>]*src=)", text), page.name
    for sheet in (STATIC / "ui").glob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", sheet.read_text()), sheet.name
