"""Facts that a new record can begin with, under a name that people choose by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """A beginning: `facts` are put into the form, where they can still be altered."""

    name: str
    title: str
    facts: Mapping[str, Any] = field(default_factory=dict)
