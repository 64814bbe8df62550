"""Copy the third-party files that the interface serves into the package (for maintainers).

    python scripts/vendor/vendor.py           fetch the pinned versions and copy them
    python scripts/vendor/vendor.py --check   compare what is there with VENDOR.lock; fetches nothing

People who use or change Gnomon need neither Node nor this script: the copies are committed.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "src" / "gnomon" / "ui" / "static"
LOCK = STATIC / "vendor" / "VENDOR.lock"


@dataclass(frozen=True)
class Vendored:
    package: str
    source: str
    target: str
    licence: str


FILES = (
    Vendored("@tabler/core", "dist/css/tabler.min.css", "vendor/tabler.min.css", "MIT"),
    Vendored("htmx.org", "dist/htmx.min.js", "vendor/htmx.min.js", "0BSD"),
    Vendored("htmx.org", "LICENSE", "vendor/licences/htmx.txt", "0BSD"),
    Vendored("@tabler/icons", "LICENSE", "vendor/licences/tabler.txt", "MIT"),
    Vendored(
        "@fontsource-variable/ibm-plex-sans",
        "files/ibm-plex-sans-latin-wght-normal.woff2",
        "vendor/plex-sans.woff2",
        "OFL-1.1",
    ),
    Vendored("@fontsource-variable/ibm-plex-sans", "LICENSE", "vendor/licences/plex-sans.txt", "OFL-1.1"),
)
SPRITE = "vendor/icons.svg"

# The map is not shipped, and the manifest storage of Django refuses a reference to a missing file.
_SOURCE_MAP = re.compile(rb"\s*/[*/]# sourceMappingURL=\S+(\s*\*/)?\s*$")
_INSIDE = re.compile(r"<svg\b(?P<attributes>[^>]*)>(?P<drawing>.*)</svg>", re.DOTALL)


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        faults = list(check())
        print("\n".join(faults) or "Every vendored file is as VENDOR.lock says.")
        return 1 if faults else 0
    with tempfile.TemporaryDirectory() as folder:
        fetch(Path(folder))
        copy(Path(folder) / "node_modules")
    print(f"Copied {len(FILES)} files and the icons; VENDOR.lock is written.")
    return 0


def fetch(folder: Path) -> None:
    """Install exactly what package-lock.json pins; no package's own script runs."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    npm = shutil.which("npm") or "npm"
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)  # noqa: S603


def copy(modules: Path) -> None:
    """Copy the files, draw the sprite, and write down what was copied."""
    rows = []
    for file in FILES:
        content = _SOURCE_MAP.sub(b"\n", (modules / file.package / file.source).read_bytes())
        rows.append(_put(file.target, content, file.package, _version(modules, file.package), file.licence))
    drawn = sprite(modules / "@tabler" / "icons" / "icons" / "outline").encode()
    rows.append(_put(SPRITE, drawn, "@tabler/icons", _version(modules, "@tabler/icons"), "MIT"))
    LOCK.write_text(json.dumps(rows, indent=1) + "\n")


def check() -> Iterator[str]:
    """What differs from VENDOR.lock, in sentences."""
    rows = json.loads(LOCK.read_text())
    for row in rows:
        path = STATIC / row["file"]
        if not path.exists():
            yield f"{row['file']} is missing; run scripts/vendor/vendor.py."
        elif hashlib.sha256(path.read_bytes()).hexdigest() != row["sha256"]:
            yield f"{row['file']} was edited by hand; vendored files stay as they came."
    known = {row["file"] for row in rows} | {"vendor/VENDOR.lock"}
    for path in sorted((STATIC / "vendor").rglob("*")):
        name = path.relative_to(STATIC).as_posix()
        if path.is_file() and name not in known:
            yield f"{name} is not in VENDOR.lock; add it to vendor.py or remove it."


def sprite(outline: Path) -> str:
    """One SVG with a symbol for each icon in icons.txt and for each drawing of ours."""
    names = (HERE / "icons.txt").read_text().split()
    drawings = {name: outline / f"{name}.svg" for name in names}
    drawings |= {path.stem: path for path in sorted((HERE / "own").glob("*.svg"))}
    symbols = "\n".join(_symbol(name, path.read_text()) for name, path in sorted(drawings.items()))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(name: str, svg: str) -> str:
    found = _INSIDE.search(svg)
    if found is None:
        raise ValueError(f"{name}.svg is not an SVG drawing.")
    drawing = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", found["drawing"])
    drawing = re.sub(r"\s+", " ", drawing).replace(" />", "/>").replace("> <", "><").strip()
    width = re.search(r'stroke-width="([\d.]+)"', found["attributes"])
    stroke = f' stroke-width="{width[1]}"' if width and width[1] != "2" else ""
    return f'<symbol id="{name}" viewBox="0 0 24 24"{stroke}>{drawing}</symbol>'


def _version(modules: Path, package: str) -> str:
    return str(json.loads((modules / package / "package.json").read_text())["version"])


def _put(target: str, content: bytes, package: str, version: str, licence: str) -> dict[str, str]:
    path = STATIC / target
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return {"file": target, "name": package, "version": version, "licence": licence, "sha256": digest}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
