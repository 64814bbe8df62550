"""Deviations in words: what happened, and what the version of the workflow would have wanted."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.evaluation.mining.conformance import ANY, GROUP, NONE, SORT, example_of
from gnomon.evaluation.mining.replay import (
    BEGUN,
    COMMA,
    MISSING,
    REASON,
    ROLE,
    SKIPPED,
    UNKNOWN_MOVE,
    UNKNOWN_STATE,
    Deviation,
)
from gnomon.organization.roles import role_title
from gnomon.records.definitions import states_of
from gnomon.records.kinds import Kind
from gnomon.records.showing import field_title
from gnomon.standard.plugs import Says
from gnomon.workflow.tables import Workflow

SORT_TITLES: Mapping[str, Says] = {
    UNKNOWN_STATE: gettext_lazy("Unknown state"), UNKNOWN_MOVE: gettext_lazy("Unknown move"),
    SKIPPED: gettext_lazy("States skipped"), BEGUN: gettext_lazy("Began elsewhere"),
    MISSING: gettext_lazy("Facts missing"), REASON: gettext_lazy("Reason missing"), ROLE: gettext_lazy("Wrong role"),
}  # fmt: skip


def sentence(kind: Kind, one: Deviation) -> str:
    """`From Resolved to New, which version 2 does not know.`"""
    facts = {
        "start": _state(kind, one, one.start), "end": _state(kind, one, one.end), "version": one.version,
        "move": _move(kind, one), "detail": _detail(kind, one),
    }  # fmt: skip
    return _PATTERNS[one.sort]() % facts


_PATTERNS = {
    UNKNOWN_STATE: lambda: _("From %(start)s to %(end)s: version %(version)d knows no state “%(detail)s”."),
    UNKNOWN_MOVE: lambda: _("From %(start)s to %(end)s, which version %(version)d does not know."),
    SKIPPED: lambda: _("From %(start)s to %(end)s, where version %(version)d has between them: %(detail)s."),
    BEGUN: lambda: _("Began as %(end)s; version %(version)d begins with %(detail)s."),
    MISSING: lambda: _("“%(move)s” from %(start)s to %(end)s without what version %(version)d needs: %(detail)s."),
    REASON: lambda: _("“%(move)s” from %(start)s to %(end)s without the reason that version %(version)d asks for."),
    ROLE: lambda: _("“%(move)s” by somebody whom version %(version)d does not permit it: %(detail)s."),
}


def deviating_words(kind: Kind, what: str, value: str) -> str:
    """What a list of deviating records is narrowed to; LookupError when it is nothing that can be asked."""
    if what in {ANY, NONE}:
        return _("deviates from its workflow") if what == ANY else _("kept to its workflow")
    if what == SORT:
        return str(SORT_TITLES[value])
    if what != GROUP:
        raise LookupError(what)
    found = example_of(kind, value)
    return sentence(kind, found) if found is not None else value


def _state(kind: Kind, one: Deviation, name: str) -> str:
    if not name:
        return "–"
    for state in (*_workflow(kind, one).states, *states_of(kind)):
        if state.name == name:
            return str(state.title)
    return name


def _move(kind: Kind, one: Deviation) -> str:
    workflow = _workflow(kind, one)
    try:
        return str(workflow.move(one.verb).title)
    except LookupError:
        able = (str(m.title) for m in workflow.moves if one.start in m.starts and one.end in m.ends)
        return next(able, one.verb)


def _detail(kind: Kind, one: Deviation) -> str:
    parts = one.detail.split(COMMA) if one.detail else []
    if one.sort in {SKIPPED, BEGUN}:
        return ", ".join(_state(kind, one, part) for part in parts)
    if one.sort == MISSING:
        return ", ".join(field_title(kind, part) for part in parts)
    if one.sort == ROLE:
        return ", ".join(str(role_title(part)) for part in parts) or _("no role")
    return one.detail


def _workflow(kind: Kind, one: Deviation) -> Workflow:
    try:
        return kind.workflow_version(one.version)
    except LookupError:
        return kind.workflow
