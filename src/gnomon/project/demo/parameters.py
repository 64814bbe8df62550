"""The figures that the demo is drawn from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("demo.yaml")


@cache
def parameters() -> dict[str, Any]:
    """The content of demo.yaml."""
    read: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read


def both(name: dict[str, str]) -> str:
    """A name in both languages: the demo is read in either."""
    return f"{name['en']} {name['zh']}"
