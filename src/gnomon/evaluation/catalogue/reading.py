"""Read the process catalogue, once and when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from gnomon.standard.plugs import Measure, Says

EDITION = "iso-20000-1-2018"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages; it reads in the language of whoever it is shown to."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "").startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class KPI:
    """A figure that is usual for a process; `formula` and `target` are the catalogue's own words."""

    id: str
    process: str
    title: Words
    formula: str
    unit: str
    direction: str
    target: str


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the service management system: its purpose, its clauses, who answers for it."""

    id: str
    title: Words
    clauses: tuple[str, ...]
    purpose: Words
    owner: str
    kpis: tuple[KPI, ...]


@cache
def processes() -> Mapping[str, Process]:
    """The processes by id, in the order of the standard."""
    return {row["id"]: _process(row) for row in _table()["processes"]}


@cache
def kpis() -> Mapping[str, KPI]:
    """The figures of all processes by id."""
    return {kpi.id: kpi for process in processes().values() for kpi in process.kpis}


def process_of(measure: Measure) -> Process:
    """The process that a measure is about."""
    return processes()[measure.process]


def owner_title(measure: Measure) -> Says:
    """The role that answers for a measure: its own, or that of its process."""
    role = measure.owner or process_of(measure).owner
    return Words(**_table()["roles"][role])


@cache
def _table() -> Mapping[str, Any]:
    file = Path(__file__).parent / f"processes-{EDITION}.yaml"
    table: Mapping[str, Any] = yaml.load(
        file.read_text(encoding="utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),  # noqa: S506 - safe, and quick where libyaml is
    )
    return table


def _process(row: Mapping[str, Any]) -> Process:
    return Process(
        row["id"], Words(**row["name"]), tuple(row["clauses"]), Words(**row["purpose"]), row["owner_role"],
        tuple(
            KPI(kpi["id"], row["id"], Words(**kpi["name"]), kpi["formula"], kpi["unit"], kpi["direction"], kpi["target"])
            for kpi in row["kpis"]
        ),
    )  # fmt: skip
