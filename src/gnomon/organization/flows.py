"""Workflows as people look at them: drawn, told in a table, and beside another version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gnomon.organization.roles import role_title
from gnomon.organization.workflow_tables import words
from gnomon.records.kinds import Kind
from gnomon.records.showing import field_title
from gnomon.ui.diagrams import Stand, Step, drawing
from gnomon.workflow.tables import Move, State, Workflow

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class Line:
    """One move in the table."""

    title: str
    starts: str
    end: str
    needs: str
    asks: str
    who: str
    because: bool
    clause: str
    mark: str
    was: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A workflow ready for `organization/_workflow.html`."""

    drawing: SafeString
    lines: Sequence[Line]
    says: str
    differences: Sequence[str]


def shown_workflow(kind: Kind, workflow: Workflow, *, here: str = "", beside: Workflow | None = None) -> Shown:
    """The workflow, with what is new, gone or different of `beside`."""
    older = beside or workflow
    stands = [*(_stand(state, older) for state in workflow.states), *_gone_states(workflow, older)]
    moves = [(move, _mark(move, older)) for move in workflow.moves]
    kept = {move.name for move in workflow.moves}
    moves += [(move, REMOVED) for move in older.moves if move.name not in kept]
    titles = {state.name: str(state.title) for state in (*older.states, *workflow.states)}
    steps = [Step(m.name, m.title, m.starts, m.ends, sentence(kind, m, titles), mark) for m, mark in moves]
    says = _("%(kind)s: %(states)d states and %(moves)d moves. The table below says the same in words.") % {
        "kind": kind.title, "states": len(workflow.states), "moves": len(workflow.moves),
    }  # fmt: skip
    lines = [_line(kind, m, titles, mark, older) for m, mark in moves]
    told = differences(kind, older, workflow) if beside is not None else []
    return Shown(drawing(stands, steps, says=says, here=here), lines, says, told)


def sentence(kind: Kind, move: Move, titles: dict[str, str]) -> str:
    """`Resolve: New, Assigned → Resolved. Needs Resolution. By Agent.`"""
    starts, ends = (_some(titles.get(name, name) for name in names) for names in (move.starts, move.ends))
    told = f"{move.title}: {starts} → {ends}."
    if move.needs:
        told += " " + _("Needs %(fields)s.") % {"fields": _some(field_title(kind, name) for name in move.needs)}
    return told + " " + _("By %(roles)s.") % {"roles": _some(map(role_title, move.who))}


def differences(kind: Kind, older: Workflow, newer: Workflow) -> list[str]:
    """What the newer version adds, drops and changes, one sentence each."""
    told = []
    had, has = {s.name: s for s in older.states}, {s.name: s for s in newer.states}
    told += [_("New state: %(title)s.") % {"title": s.title} for n, s in has.items() if n not in had]
    told += [_("State dropped: %(title)s.") % {"title": s.title} for n, s in had.items() if n not in has]
    told += [
        _("State %(name)s: %(before)s → %(after)s.")
        % {"name": n, "before": _state_words(had[n]), "after": _state_words(s)}
        for n, s in has.items()
        if n in had and _state_words(had[n]) != _state_words(s)
    ]
    moved, moves = {m.name: m for m in older.moves}, {m.name: m for m in newer.moves}
    told += [_("New move: %(title)s.") % {"title": m.title} for n, m in moves.items() if n not in moved]
    told += [_("Move dropped: %(title)s.") % {"title": m.title} for n, m in moved.items() if n not in moves]
    for name, move in moves.items():
        if name in moved:
            told += [f"{move.title}: {one}" for one in _move_changes(kind, moved[name], move)]
    return told


def _move_changes(kind: Kind, older: Move, newer: Move) -> Iterable[str]:
    for name, title in _parts().items():
        before, after = getattr(older, name), getattr(newer, name)
        if name == "title":
            before, after = words(before), words(after)
        if before != after:
            yield f"{title}: {_plain(kind, name, before)} → {_plain(kind, name, after)}."


def _parts() -> dict[str, str]:
    return {
        "title": _("title"), "starts": _("starts"), "ends": _("ends as"), "needs": _("needed"), "asks": _("asked"),
        "who": _("who may"), "because": _("reason needed"), "clause": _("clause"),
    }  # fmt: skip


def _plain(kind: Kind, name: str, value: object) -> str:
    if name == "title":
        return " / ".join(part for part in dict(value).values() if part)  # type: ignore[call-overload]
    if name == "who":
        return _some(map(role_title, value))  # type: ignore[call-overload]
    if name in {"needs", "asks"}:
        return _some(field_title(kind, one) for one in value)  # type: ignore[attr-defined]
    if name == "because":
        return _("yes") if value else _("no")
    return _some(value) if isinstance(value, tuple) else str(value) or "–"


def _state_words(state: State) -> str:
    told = words(state.title)
    return " / ".join([*filter(None, told.values()), str(state.phase)])


def _stand(state: State, older: Workflow) -> Stand:
    had = next((one for one in older.states if one.name == state.name), None)
    mark = ADDED if had is None else CHANGED if _state_words(had) != _state_words(state) else ""
    return Stand(state.name, state.title, str(state.phase), mark)


def _gone_states(workflow: Workflow, older: Workflow) -> list[Stand]:
    kept = {state.name for state in workflow.states}
    return [Stand(s.name, s.title, str(s.phase), REMOVED) for s in older.states if s.name not in kept]


def _mark(move: Move, older: Workflow) -> str:
    had = next((one for one in older.moves if one.name == move.name), None)
    if had is None:
        return ADDED
    same = all(
        getattr(had, part) == getattr(move, part) for part in ("starts", "ends", "needs", "asks", "who", "because")
    )
    return "" if same and words(had.title) == words(move.title) else CHANGED


def _line(kind: Kind, move: Move, titles: dict[str, str], mark: str, older: Workflow) -> Line:
    had = next((one for one in older.moves if one.name == move.name), None)
    return Line(
        title=str(move.title), starts=_some(titles.get(name, name) for name in move.starts),
        end=_some(titles.get(name, name) for name in move.ends), needs=_some(field_title(kind, name) for name in move.needs),
        asks=_some(field_title(kind, name) for name in move.asks), who=_some(map(role_title, move.who)),
        because=move.because, clause=move.clause, mark=mark,
        was=list(_move_changes(kind, had, move)) if mark == CHANGED and had is not None else (),
    )  # fmt: skip


def _some(parts: Iterable[object]) -> str:
    return ", ".join(map(str, parts)) or "–"
