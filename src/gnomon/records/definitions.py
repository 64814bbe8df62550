"""What administrators set about kinds: own fields, versions of workflows, names of levels, roles and permissions.

All are records themselves, of kinds that a floor above declares under these names. Whoever writes asks the
database; whoever only shows asks what this process remembers, a few seconds old at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from gnomon.jobs.questions import Question
from gnomon.records.kinds import Kind, kind_named
from gnomon.records.memory import Fresh
from gnomon.records.rules import Rules
from gnomon.records.rules import reading as reading_rules
from gnomon.workflow.tables import Move, Phase, State, Workflow, from_table

FIELDS, VERSIONS, LEVELS = "custom_field", "workflow_version", "level_name"
ROLES, PERMISSIONS = "role", "changed_permission"
IN_USE, DRAFTED, IN_FORCE = "in_use", "drafted", "in_force"
NEVER_LIVED_BY = (DRAFTED, "withdrawn")
_ROLE = ("code", "based_on", "title", "title_zh")
_PERMISSION = ("of_kind", "verb", "role", "allowed")
_LEVEL = ("scale", "level", "title", "title_zh")
OWN = 1001  # versions made here begin beyond any number that a kind will ever declare


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text that knows its language when it is read; English where it has no Chinese."""

    en: str
    zh: str = ""

    def __str__(self) -> str:
        return self.zh if self.zh and (get_language() or "").startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class OwnRole:
    """A role that administrators made: it stands in the place of the role that it is based on."""

    code: str
    base: str
    title: Bilingual


@dataclass(slots=True)
class Powers:
    """Own roles with the role that each is based on, and changed permissions, as they stood together at a moment."""

    bases: dict[str, str] = field(default_factory=dict)
    permits: dict[tuple[str, str], dict[str, bool]] = field(default_factory=dict)

    def acting(self, roles: Iterable[str]) -> set[str]:
        """The roles that count when somebody holds these: an own role stands in the place of its base."""
        held = {*roles}
        return held - {self.bases[code] for code in held if code in self.bases} if self.bases else held

    def permitted(self, kind: str, verb: str, declared: tuple[str, ...]) -> tuple[str, ...]:
        """The roles that may do `verb`: those that are declared, as administrators changed it."""
        changed = self.permits.get((kind, verb), {})
        if not changed and not self.bases:
            return declared
        may = [role for role in declared if changed.get(role, True)]
        may += [role for role, yes in changed.items() if yes and role not in may and role not in self.bases]
        return (*may, *(code for code, base in self.bases.items() if changed.get(code, base in may)))


@dataclass(slots=True)
class _Known:
    fields: dict[str, list[Any]] = field(default_factory=dict)
    workflows: dict[str, list[Workflow]] = field(default_factory=dict)
    levels: dict[tuple[str, int], Bilingual] = field(default_factory=dict)
    roles: dict[str, OwnRole] = field(default_factory=dict)
    powers: Powers = field(default_factory=Powers)


_FIELDS_OF = Rules(Question(lambda kind: _rows(FIELDS).filter(of_kind=kind).order_by("position", "id")))
_IN_FORCE = Rules(Question(
    lambda kind, status: _rows(VERSIONS).filter(of_kind=kind, status=status).order_by("pk").values_list("edition")[:1]
))  # fmt: skip


def fields_stored(kind: Kind) -> list[Any]:
    """All custom fields of a kind, retired ones too, as the database has them now."""
    return _FIELDS_OF.all(kind=kind.name)


def fields_in_use(kind: Kind) -> list[Any]:
    """The custom fields that people fill, in their order."""
    return _known().fields.get(kind.name, [])


def level_name(scale: str, level: int) -> Bilingual | None:
    """What the organisation calls a level, when it has its own name for it."""
    return _known().levels.get((scale, level))


def own_roles() -> Mapping[str, OwnRole]:
    """Code → role, for those that administrators made and that can be given."""
    return _known().roles


def acting(roles: Iterable[str]) -> set[str]:
    """The roles that count now when somebody holds these."""
    return _known().powers.acting(roles)


def permitted(kind: str, verb: str, declared: tuple[str, ...]) -> tuple[str, ...]:
    """The roles that may do `verb` now."""
    return _known().powers.permitted(kind, verb, declared)


def version_in_force(kind: Kind) -> int:
    """The stored version in force, as the database has it now, else the one that the kind declares."""
    stored = _IN_FORCE.first(kind=kind.name, status=IN_FORCE)
    return stored[0] if stored else kind.workflow.version


@lru_cache(maxsize=256)
def stored_workflow(kind: str, version: int) -> Workflow:
    """A stored version that records live by, so that it changes no more; LookupError when there is none."""
    stored = _rows(VERSIONS).filter(of_kind=kind, edition=version).exclude(status=DRAFTED).first()
    if stored is None:
        raise LookupError(f"There is no version {version} of the workflow of {kind}.")
    return workflow_from(stored.table)


def workflow_in_force(kind: Kind) -> Workflow:
    """The workflow that new records of the kind get."""
    return kind.workflow_version(version_in_force(kind))


def workflows_lived_by(kind: Kind) -> list[Workflow]:
    """Every version that some record may live by, the oldest first."""
    return [*reversed(kind.before), kind.workflow, *_known().workflows.get(kind.name, [])]


def states_of(kind: Kind) -> list[State]:
    """The states of all versions, each once, those that the kind declares first."""
    found: dict[str, State] = {}
    for workflow in reversed(workflows_lived_by(kind)):
        found = {state.name: state for state in workflow.states} | {
            name: state for name, state in found.items() if name not in {s.name for s in workflow.states}
        }
    return list(found.values())


def moves_of(kind: Kind) -> list[Move]:
    """The moves of all versions, each name once, as the newest version has it."""
    return list({move.name: move for workflow in workflows_lived_by(kind) for move in workflow.moves}.values())


def move_named(kind: Kind, name: str) -> Move:
    """The move of this name, of whichever version; LookupError when none has it."""
    for move in moves_of(kind):
        if move.name == name:
            return move
    raise LookupError(f"{kind.name} has no move {name}.")


def within(kind: Kind, *phases: Phase) -> tuple[str, ...]:
    """Names of the states in these phases, whichever version has them."""
    return tuple(state.name for state in states_of(kind) if state.phase in phases)


def workflow_from(table: Mapping[str, Any]) -> Workflow:
    """A workflow from stored data, whose titles speak the language of whoever reads them."""
    return from_table(table, says=Bilingual)


@reading_rules()
def _read() -> _Known:
    known = _Known()
    for found in _rows(FIELDS).filter(status=IN_USE).order_by("position", "id"):
        known.fields.setdefault(found.of_kind, []).append(found)
    for stored in _rows(VERSIONS).exclude(status__in=NEVER_LIVED_BY).order_by("edition"):
        known.workflows.setdefault(stored.of_kind, []).append(workflow_from(stored.table))
    for scale, level, english, chinese in _rows(LEVELS).filter(status=IN_USE).values_list(*_LEVEL):
        known.levels[scale, level] = Bilingual(english, chinese)
    for code, base, english, chinese in _rows(ROLES).filter(status=IN_USE).exclude(based_on="").values_list(*_ROLE):
        known.roles[code] = OwnRole(code, base, Bilingual(english, chinese))
        known.powers.bases[code] = base
    for of_kind, verb, role, allowed in _rows(PERMISSIONS).filter(status=IN_USE).values_list(*_PERMISSION):
        known.powers.permits.setdefault((of_kind, verb), {})[role] = allowed
    return known


def _rows(name: str) -> Any:
    return kind_named(name).model.objects.all()


_known = Fresh(_read)
forget_definitions, reading = _known.forget, _known.reading
