"""A table of states and moves as inputs of a page, and back; it needs no script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from gnomon.organization.roles import CODES, role_title
from gnomon.organization.workflow_tables import MOST
from gnomon.records.facts import ledgered
from gnomon.records.kinds import Kind
from gnomon.records.showing import field_title
from gnomon.records.texts import fault_of
from gnomon.workflow.tables import Phase

BLANK = {"states": 2, "moves": 1}  # rows to fill, below those that are there
LONGEST = 200
NEVER_ASKED = frozenset({"status", "workflow_version", "custom", "title"})


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tick or to choose."""

    value: str
    title: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class StateRow:
    """The inputs of a state."""

    prefix: str
    row: Mapping[str, Any]
    kept: bool
    phases: list[Choice]


@dataclass(frozen=True, slots=True)
class MoveRow:
    """The inputs of a move."""

    prefix: str
    row: Mapping[str, Any]
    kept: bool
    starts: list[Choice]
    ends: list[Choice]
    needs: list[Choice]
    asks: list[Choice]
    who: list[Choice]


def state_rows(kind: Kind, table: Mapping[str, Any], phases: Mapping[str, str]) -> list[StateRow]:
    """A row for each state, and some to fill."""
    built_in = {state.name for state in kind.workflow.states}
    rows = [*table["states"], *({} for _n in range(BLANK["states"]))]
    return [
        StateRow(
            f"s-{n}", row, row.get("name") in built_in,
            [Choice(name, title, name == row.get("phase")) for name, title in phases.items()],
        )
        for n, row in enumerate(rows)
    ]  # fmt: skip


def move_rows(kind: Kind, table: Mapping[str, Any]) -> list[MoveRow]:
    """A row for each move, and one to fill."""
    built_in = {move.name for move in kind.workflow.moves}
    fields = [(f.name, field_title(kind, f.name)) for f in ledgered(kind.model) if f.name not in NEVER_ASKED]
    states = [(row["name"], _title(row)) for row in table["states"]]
    roles = [(code, role_title(code)) for code in CODES]
    rows = [*table["moves"], *({} for _n in range(BLANK["moves"]))]
    return [
        MoveRow(
            f"m-{n}", row, row.get("name") in built_in, _choices(states, row.get("starts", ())),
            _choices(states, (row.get("end"),)), _choices(fields, row.get("needs", ())),
            _choices(fields, row.get("asks", ())), _choices(roles, row.get("who", ())),
        )
        for n, row in enumerate(rows)
    ]  # fmt: skip


def _title(row: Mapping[str, Any]) -> str:
    from gnomon.records.definitions import Bilingual

    return str(Bilingual(row["title"], row.get("title_zh", ""))) or row["name"]


def _choices(known: Iterable[tuple[str, str]], chosen: Iterable[Any]) -> list[Choice]:
    wanted = set(chosen)
    return [Choice(value, title, value in wanted) for value, title in known]


def table_sent(sent: QueryDict) -> dict[str, Any]:
    """The table of a page that was filled in; rows without any words are left out, dropped ones too."""
    states = [row for n in _rows(sent, "s") if (row := _state(sent, f"s-{n}")) is not None]
    _name_all(states, "state")
    moves = [row for n in _rows(sent, "m") if (row := _move(sent, f"m-{n}")) is not None]
    _name_all(moves, "move")
    return {"states": _in_order(states), "moves": moves}


def _rows(sent: QueryDict, letter: str) -> list[int]:
    found = {match[1] for name in sent if (match := re.fullmatch(rf"{letter}-(\d{{1,3}})-title", name))}
    return sorted(map(int, found))[: MOST + 1]


def _in_order(states: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By the numbers that were typed; who typed none stays where it stood."""
    numbers = [row.pop("order") for row in states]
    places = [int(n) if n.isdecimal() and len(n) < 6 else 10 * at for at, n in enumerate(numbers, 1)]
    return [row for _place, row in sorted(zip(places, states, strict=True), key=lambda pair: pair[0])]


def _state(sent: QueryDict, prefix: str) -> dict[str, Any] | None:
    row = {name: _text(sent, f"{prefix}-{name}") for name in ("name", "title", "title_zh", "phase", "order")}
    if f"{prefix}-drop" in sent or not (row["title"] or row["title_zh"]):
        return None
    return {**row, "title": row["title"] or row["title_zh"], "phase": row["phase"] or str(Phase.OPEN)}


def _move(sent: QueryDict, prefix: str) -> dict[str, Any] | None:
    row: dict[str, Any] = {
        name: _text(sent, f"{prefix}-{name}") for name in ("name", "title", "title_zh", "end", "clause")
    }
    if f"{prefix}-drop" in sent or not (row["title"] or row["title_zh"]):
        return None
    lists = {name: _texts(sent, f"{prefix}-{name}") for name in ("starts", "needs", "asks", "who")}
    if others := _texts(sent, f"{prefix}-or_ends"):
        row["or_ends"] = others
    lists["asks"] = [name for name in lists["asks"] if name not in lists["needs"]]
    return {**row, **lists, "title": row["title"] or row["title_zh"], "because": f"{prefix}-because" in sent}


def _text(sent: QueryDict, name: str) -> str:
    text = sent.get(name, "").strip()[:LONGEST]
    return "" if fault_of(text) else text


def _texts(sent: QueryDict, name: str) -> list[str]:
    return [text[:40] for text in sent.getlist(name)[:MOST] if not fault_of(text)]


def _name_all(rows: list[dict[str, Any]], what: str) -> None:
    """Give those without a name one that follows from the title."""
    taken = {row["name"] for row in rows}
    for row in rows:
        if row["name"]:
            continue
        plain = unicodedata.normalize("NFKD", row["title"]).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:30]
        name = name if re.match(r"[a-z]", name) else what
        free = (one for n in range(1, MOST * 3) if (one := name if n == 1 else f"{name}_{n}") not in taken)
        row["name"] = next(free)
        taken.add(row["name"])
