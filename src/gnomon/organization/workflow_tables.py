"""Tables of states and moves that administrators make: what they must keep, and what is wrong with them (8.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gnomon.organization.roles import CODES
from gnomon.records.definitions import Bilingual, workflow_from
from gnomon.records.facts import ledgered
from gnomon.records.kinds import Kind
from gnomon.standard.plugs import Says
from gnomon.workflow.tables import Fault, Move, Phase, Workflow, as_table

# What `workflow.tables` says, which knows no languages.
SENTENCES = (
    gettext_noop("A workflow needs at least one state."),
    gettext_noop("State %(name)s is declared twice."),
    gettext_noop("Move %(name)s is declared twice."),
    gettext_noop("Move %(name)s starts from %(state)s, which is no state."),
    gettext_noop("Move %(name)s ends in %(state)s, which is no state."),
    gettext_noop("Move %(name)s starts from nowhere."),
    gettext_noop("State %(name)s cannot be reached."),
    gettext_noop("A workflow needs a state in the phase closed."),
    gettext_noop("State %(name)s is a dead end: nothing leads from it to a closed state."),
    gettext_noop("State %(name)s is gone; records may stand in it."),
    gettext_noop("State %(name)s was %(before)s and would become %(after)s."),
)
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Words of addresses and of the ledger, which a move must not take.
TAKEN = frozenset(
    {
        "new", "bulk", "views", "edit", "history", "comment", "attach", "link", "files", "recorded", "changed",
        "commented", "attached", "linked", "unlinked", "joined", "left", "read", "create", "change", "export", "import",
    }
)  # fmt: skip
MOST = 60  # states, and moves
_STATE = {"name": str, "phase": str, "title": str, "title_zh": str}
_MOVE = {
    "name": str, "starts": list, "end": str, "title": str, "title_zh": str, "needs": list, "asks": list, "who": list,
    "clause": str, "because": bool, "or_ends": list,
}  # fmt: skip


def words(title: Says) -> dict[str, str]:
    """A title in both languages; no Chinese where it is the same."""
    if isinstance(title, Bilingual):
        return {"title": title.en, "title_zh": title.zh}
    with translation.override("en"):
        english = str(title)
    with translation.override("zh-hans"):
        chinese = str(title)
    return {"title": english, "title_zh": "" if chinese == english else chinese}


def table_of(workflow: Workflow) -> dict[str, Any]:
    """The workflow as it is stored and edited."""
    return as_table(workflow, words)


def misshapen(table: Any) -> str:
    """Why this is no table of states and moves at all, as a sentence; nothing when it is one."""
    if (
        not isinstance(table, Mapping)
        or not isinstance(table.get("states"), list)
        or not isinstance(table.get("moves"), list)
    ):
        return _("Give “states” and “moves”, each a list.")
    for what, rows, shape in (("states", table["states"], _STATE), ("moves", table["moves"], _MOVE)):
        if len(rows) > MOST:
            return _("There are more than %(most)d %(what)s.") % {"most": MOST, "what": what}
        for at, row in enumerate(rows, 1):
            if wrong := _misshapen_row(row, shape):
                return _("%(what)s, number %(at)d: %(wrong)s") % {"what": what, "at": at, "wrong": wrong}
    return ""


def _misshapen_row(row: Any, shape: Mapping[str, type]) -> str:
    if not isinstance(row, Mapping):
        return _("give names and values.")
    unknown = [str(name) for name in row if name not in shape]
    if unknown:
        return _("“%(name)s” is unknown. Known are: %(known)s.") % {"name": unknown[0], "known": ", ".join(shape)}
    for name, kind in shape.items():
        if name in row and not isinstance(row[name], kind):
            return _("“%(name)s” is not as it should be.") % {"name": name}
        if isinstance(row.get(name), list) and not all(isinstance(part, str) for part in row[name]):
            return _("“%(name)s” is a list of texts.") % {"name": name}
    missing = [
        name for name in ("name", "title", *(("phase",) if "phase" in shape else ("starts", "end"))) if name not in row
    ]
    if missing:
        return _("“%(name)s” is missing.") % {"name": missing[0]}
    if "phase" in shape and row["phase"] not in set(Phase):
        return _("the phase is one of: %(known)s.") % {"known": ", ".join(Phase)}
    return ""


def faults_of(kind: Kind, table: Mapping[str, Any]) -> list[str]:
    """Everything that keeps the table from being put in force, in the language of whoever reads it."""
    if wrong := misshapen(table):
        return [wrong]
    workflow = workflow_from({"name": kind.name, "version": 0, **table})
    told = [_told(fault) for fault in (*workflow.faults(), *workflow.keeps(kind.workflow))]
    return [*told, *_begins_elsewhere(kind, workflow), *_moves_lost(kind, workflow), *_moves_odd(kind, workflow)]


def _told(fault: Fault) -> str:
    return _(fault.template) % fault.facts


def _begins_elsewhere(kind: Kind, workflow: Workflow) -> Iterable[str]:
    first = kind.workflow.initial
    if workflow.states and workflow.initial.name != first.name:
        yield _("Records of this kind begin as “%(state)s”. Keep it as the first state.") % {"state": first.title}


def _moves_lost(kind: Kind, workflow: Workflow) -> Iterable[str]:
    mine = {move.name: move for move in workflow.moves}
    for older in kind.workflow.moves:
        move = mine.get(older.name)
        if move is None:
            yield _("The move “%(move)s” is gone. It is kept because %(why)s.") % {
                "move": older.title, "why": why_kept(kind, older.name),
            }  # fmt: skip
        elif move.end != older.end:
            yield _("The move “%(move)s” ends as “%(end)s”, for %(why)s. Make a move of your own for another end.") % {
                "move": older.title, "end": kind.workflow.state(older.end).title, "why": why_kept(kind, older.name),
            }  # fmt: skip
        elif lost_ends := [name for name in older.or_ends if name not in move.or_ends]:
            yield _("The move “%(move)s” must go on to lead to: %(states)s.") % {
                "move": older.title, "states": ", ".join(str(kind.workflow.state(name).title) for name in lost_ends),
            }  # fmt: skip
        elif lost := [name for name in older.needs if name not in move.needs]:
            yield _("The move “%(move)s” must go on to need: %(fields)s.") % {
                "move": older.title, "fields": ", ".join(lost),
            }  # fmt: skip


def why_kept(kind: Kind, move: str) -> str:
    """Why a move that the kind declares stays in every version."""
    return str(kind.relies.get(move) or _("programs, imports and measures speak of it by its name"))


def _moves_odd(kind: Kind, workflow: Workflow) -> Iterable[str]:
    fields = {field.name for field in ledgered(kind.model)} - {"status", "workflow_version", "custom"}
    ours = frozenset(move.name for move in kind.workflow.moves if not move.who)  # the system's own
    for state in workflow.states:
        if not NAME.fullmatch(state.name) or not str(state.title).strip():
            yield _("The state “%(name)s” needs a title, and a name of small letters, digits and _.") % {
                "name": state.name
            }
    for move in workflow.moves:
        if not NAME.fullmatch(move.name) or not str(move.title).strip():
            yield _("The move “%(name)s” needs a title, and a name of small letters, digits and _.") % {
                "name": move.name
            }
        if move.name in TAKEN:
            yield _("A move cannot be called “%(name)s”, for that word means something else here.") % {
                "name": move.name
            }
        yield from _unknown(move, fields, ours)


def _unknown(move: Move, fields: set[str], ours: frozenset[str]) -> Iterable[str]:
    for name in (*move.needs, *move.asks):
        if name not in fields:
            yield _("The move “%(move)s” asks for “%(field)s”, which is no field of this kind.") % {
                "move": move.title, "field": name,
            }  # fmt: skip
    if not move.who and move.name not in ours:
        yield _("Nobody may take the move “%(move)s”. Choose at least one role.") % {"move": move.title}
    for role in move.who:
        if role not in CODES:
            yield _("The move “%(move)s” speaks of the role “%(role)s”, which does not exist.") % {
                "move": move.title, "role": role,
            }  # fmt: skip
