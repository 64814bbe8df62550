"""Mappings that come with Gnomon, as data beside this file."""

from __future__ import annotations

from pathlib import Path

from gnomon.records.imports.mappings import Mapping, mapping_from_text

FOLDER = Path(__file__).parent


def preset_names() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


def preset(name: str) -> Mapping:
    """The mapping that comes under this name; LookupError when there is none."""
    if name not in preset_names():
        raise LookupError(f"No mapping called {name} comes with Gnomon.")
    return mapping_from_text((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
