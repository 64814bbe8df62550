"""A mapping laid over the columns of one file: which cells make which field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gnomon.jobs.moments import MomentField
from gnomon.records.facts import blank, ledgered
from gnomon.records.imports.customs import CustomReader, is_custom
from gnomon.records.imports.findings import Finding, note, warning
from gnomon.records.imports.mappings import Mapping as FileMapping
from gnomon.records.imports.mappings import Origin, origin_of
from gnomon.records.imports.refusals import MappingFault
from gnomon.records.imports.tables import base_name
from gnomon.records.imports.values import BEFORE, ValueFault, constant, moments, reader
from gnomon.records.kinds import Kind
from gnomon.workflow.tables import Workflow

if TYPE_CHECKING:
    from gnomon.records.facts import FIELD

UNKNOWN_KEPT = gettext_noop("No field takes this column; its values were kept as facts of the source.")
UNKNOWN_LEFT = gettext_noop("No field takes this column; its values were left out.")
ABSENT = gettext_noop("The file has no column “%(column)s”; “%(field)s” stays empty.")
NEVER_IMPORTED = frozenset({"workflow_version", "custom"})

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Target:
    """One field, the columns that it is read from, and how."""

    name: str
    at: tuple[int, ...]
    read: Callable[[Cells], Any]
    while_in: tuple[str, ...] = ()
    nothing: Any = None
    column: str = ""
    is_reference: bool = False
    once: bool = False


@dataclass(frozen=True, slots=True)
class Keeper:
    """What is kept as it was, in one field: name → place, and the statuses in which it means something."""

    name: str
    chosen: tuple[tuple[str, int, frozenset[str]], ...]
    nothing: frozenset[str]

    @property
    def at(self) -> tuple[int, ...]:
        return tuple(at for _name, at, _while_in in self.chosen)

    def read(self, cells: Cells, status: str) -> dict[str, Any]:
        nothing = self.nothing
        return {
            name: text
            for name, at, while_in in self.chosen
            if (text := cells[at].strip()) not in nothing and (not while_in or status in while_in)
        }


@dataclass(frozen=True, slots=True)
class Layout:
    """All targets of a file, where its key and its times stand, and what was noticed about its columns."""

    targets: tuple[Target, ...]
    key: int | None
    happened_at: Target | None
    kept: Keeper | None
    because: int | None
    noticed: tuple[Finding, ...]

    @property
    def used(self) -> set[int]:
        """The columns that anything is read from."""
        used = {at for target in self.targets for at in target.at}
        used |= set(self.happened_at.at) if self.happened_at is not None else set()
        used |= set(self.kept.at) if self.kept is not None else set()
        return used | ({self.key, self.because} - {None})  # type: ignore[operator]  # the checker keeps the None


def layout_of(kind: Kind, workflow: Workflow, mapping: FileMapping, columns: tuple[str, ...]) -> Layout:
    """Lay the mapping over the columns; MappingFault when it does not fit the kind or the file."""
    fields = {field.name: field for field in ledgered(kind.model) if field.name not in NEVER_IMPORTED}
    customs = CustomReader(kind, mapping, columns)
    unknown = [name for name in mapping.origins if name not in fields and not is_custom(name)]
    if unknown:
        raise MappingFault(
            _("%(kind)s has no field “%(name)s”. It has: %(known)s.")
            % {"kind": kind.title, "name": unknown[0], "known": ", ".join(sorted(fields))}
        )
    places = _Places(columns, mapping)
    statuses = tuple(state.name for state in workflow.states)
    _check_statuses(mapping, statuses, fields)
    targets = []
    for name in (name for name in mapping.origins if not is_custom(name)):
        made = places.target(fields[name], mapping.origins[name], statuses)
        if made is not None:
            targets.append(made)
    if customs.parts:
        targets.append(Target("custom", customs.at, customs.read, nothing={}))
    if not any(target.at for target in targets):
        raise MappingFault(
            _("None of the columns becomes a field of %(kind)s. The file has: %(columns)s.")
            % {"kind": kind.title, "columns": ", ".join(columns[:60])}
        )
    key = places.first(mapping.key) if mapping.key else None
    if mapping.key and key is None:
        raise MappingFault(
            _("The file has no column “%(column)s”, which tells the records apart. Its columns are: %(columns)s.")
            % {"column": mapping.key[0], "columns": ", ".join(columns[:60])}
        )
    happened = _happened(mapping, places)
    bare = Layout(tuple(targets), key, happened, None, places.first(mapping.because), ())
    whole = replace(bare, kept=_kept(kind, fields, mapping, places, bare.used))
    return replace(whole, noticed=(*places.noticed, *_leftovers(columns, mapping, bare, whole)))


class _Places:
    """Where the columns of the file stand."""

    def __init__(self, columns: tuple[str, ...], mapping: FileMapping) -> None:
        self.columns, self.mapping = columns, mapping
        self.place = {column: at for at, column in reversed(list(enumerate(columns)))}
        self.lower = {column.lower(): at for at, column in reversed(list(enumerate(columns)))}
        self.nothing = frozenset(mapping.nothing) | {""}
        self.noticed: list[Finding] = []

    def first(self, names: tuple[str, ...]) -> int | None:
        """The place of the first of these columns that the file has; capital letters make no difference."""
        for name in names:
            at = self.place.get(name, self.lower.get(name.lower()))
            if at is not None:
                return at
        return None

    def all(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """The places of all these columns, repeated ones included."""
        wanted = {name.lower() for name in names}
        order = {name.lower(): position for position, name in enumerate(names)}
        found = [at for at, column in enumerate(self.columns) if wanted & {base_name(column).lower(), column.lower()}]
        return tuple(sorted(found, key=lambda at: order.get(base_name(self.columns[at]).lower(), len(order))))

    def target(self, field: FIELD, origin: Origin, statuses: tuple[str, ...]) -> Target | None:
        """The target of one field; None, and noticed, when the file has none of its columns."""
        nothing = blank(field)
        instead = self._instead(field, origin, statuses)
        if origin.constant is not None:
            fixed = self._fixed(field, origin, statuses, origin.constant)
            return Target(field.name, (), lambda _cells: fixed, origin.while_in, nothing, "", field.is_relation)
        first = self.first(origin.column)
        at = self.all(origin.column) if origin.join else () if first is None else (first,)
        if not at:
            if instead is not None:
                return replace(instead, while_in=origin.while_in)
            self._absent(field, origin)
            return None
        # A row that says nothing of the status leaves it as it was; no record stands nowhere.
        unsaid = BEFORE if field.name == "status" else nothing
        read = self._filled(at, origin.join, reader(field, origin, self.mapping, statuses), instead, unsaid)
        column = self.columns[at[0]]
        at += instead.at if instead is not None else ()
        return Target(field.name, at, read, origin.while_in, nothing, column, field.is_relation, origin.once)

    def _instead(self, field: FIELD, origin: Origin, statuses: tuple[str, ...]) -> Target | None:
        """Where the value comes from when the cell says nothing: a constant, or other columns."""
        if origin.otherwise is None:
            return None
        if isinstance(origin.otherwise, Mapping) and "column" in origin.otherwise:
            return self.target(field, origin_of(field.name, origin.otherwise), statuses)
        fixed = self._fixed(field, origin, statuses, origin.otherwise)
        return Target(field.name, (), lambda _cells: fixed, origin.while_in, blank(field), "", field.is_relation)

    def _fixed(self, field: FIELD, origin: Origin, statuses: tuple[str, ...], value: Any) -> Any:
        try:
            return constant(field, origin, self.mapping, statuses, value)
        except ValueFault as fault:
            raise MappingFault(f"{field.verbose_name}: {_(fault.text) % fault.facts}") from fault

    def _absent(self, field: FIELD, origin: Origin) -> None:
        absent, title = origin.column[0], str(field.verbose_name)
        if origin.required:
            raise MappingFault(
                _("The file has no column “%(column)s”, from which “%(field)s” comes. It has: %(columns)s.")
                % {"column": absent, "field": title, "columns": ", ".join(self.columns[:60])}
            )
        self.noticed.append(note(ABSENT, 1, absent, column=absent, field=title))

    def _filled(
        self, at: tuple[int, ...], join: str, convert: Callable[[str], Any], instead: Target | None, nothing_said: Any
    ) -> Callable[[Cells], Any]:
        nothing, only = self.nothing, at[0]

        def otherwise(cells: Cells) -> Any:
            return nothing_said if instead is None else instead.read(cells)

        def single(cells: Cells) -> Any:
            text = cells[only].strip()
            return otherwise(cells) if text in nothing else convert(text)

        def joined(cells: Cells) -> Any:
            texts = [text for place in at if (text := cells[place].strip()) not in nothing]
            return convert(join.join(texts)) if texts else otherwise(cells)

        return joined if join else single


def _happened(mapping: FileMapping, places: _Places) -> Target | None:
    """When a row happened, in milliseconds since 1970; None where the cell says nothing."""
    origin = mapping.happened_at
    if not origin.column:
        return None
    at = places.first(origin.column)
    if at is None and mapping.shape == "events":
        raise MappingFault(
            _("The file has no column “%(column)s”, which says when a row happened. Its columns are: %(columns)s.")
            % {"column": origin.column[0], "columns": ", ".join(places.columns[:60])}
        )
    if at is None:
        return None
    read = moments(origin, mapping)
    place, nothing = at, places.nothing
    return Target(
        "happened_at",
        (at,),
        lambda cells: None if cells[place].strip() in nothing else read(cells[place]),
        column=places.columns[at],
    )


def _kept(
    kind: Kind, fields: Mapping[str, FIELD], mapping: FileMapping, places: _Places, used: set[int]
) -> Keeper | None:
    """What is kept as it was: chosen columns, and the unknown rest when that is wished."""
    if not mapping.keep_in:
        return None
    if mapping.keep_in not in fields:
        raise MappingFault(
            _("%(kind)s has no field “%(name)s” to keep the facts of the source in.")
            % {"kind": kind.title, "name": mapping.keep_in}
        )
    chosen: dict[str, tuple[int, frozenset[str]]] = {}
    for name, origin in mapping.keep.items():
        at = places.first(origin.column)
        if at is not None:
            chosen[name] = at, frozenset(origin.while_in)
    if mapping.keep_unknown:
        taken = used | {at for at, _while_in in chosen.values()}
        for at, column in enumerate(places.columns):
            if at not in taken and not _is_ignored(column, mapping):
                chosen[column] = at, frozenset()
    return Keeper(
        mapping.keep_in, tuple((name, at, while_in) for name, (at, while_in) in chosen.items()), places.nothing
    )


def _leftovers(columns: tuple[str, ...], mapping: FileMapping, bare: Layout, whole: Layout) -> list[Finding]:
    """A word on each column that no field takes, unless the mapping says to ignore or to keep it."""
    wanted = {name.lower() for origin in mapping.keep.values() for name in origin.column}
    found: list[Finding] = []
    for at, column in enumerate(columns):
        if at in bare.used or column.lower() in wanted or _is_ignored(column, mapping):
            continue
        found.append(note(UNKNOWN_KEPT, 1, column) if at in whole.used else warning(UNKNOWN_LEFT, 1, column))
    return found


def _is_ignored(column: str, mapping: FileMapping) -> bool:
    return any(column.lower() == name.lower() or base_name(column).lower() == name.lower() for name in mapping.ignore)


def _check_statuses(mapping: FileMapping, statuses: tuple[str, ...], fields: Mapping[str, FIELD]) -> None:
    named = {stage.status for stage in mapping.stages}
    named |= {status for stamp in mapping.stamps.values() for status in (*stamp.enters, *stamp.while_in)}
    named |= {status for origin in (*mapping.origins.values(), *mapping.keep.values()) for status in origin.while_in}
    status = mapping.origins.get("status")
    if status is not None:
        named |= {str(value) for value in (status.values or {}).values() if value is not None}
    for name in sorted(named - set(statuses)):
        raise MappingFault(
            _("The mapping speaks of the status “%(name)s”, which does not exist. There are: %(known)s.")
            % {"name": name, "known": ", ".join(statuses)}
        )
    for name in mapping.stamps:
        if not isinstance(fields.get(name), MomentField):
            raise MappingFault(_("The stamp “%(name)s” is no field with a moment.") % {"name": name})
    for stage in mapping.stages:
        if stage.at not in mapping.origins:
            raise MappingFault(
                _("The stage “%(status)s” takes its date from “%(at)s”, which the mapping does not fill.")
                % {"status": stage.status, "at": stage.at}
            )
