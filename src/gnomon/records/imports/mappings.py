"""A mapping says, as data that people edit and save, how the columns of a file become the fields of a kind.

kind: incident              source: servicenow          key: number
shape: auto                 events_if: [sys_mod_count]  happened_at: {column: sys_updated_at}
nothing: ["?"]              dates: ["%d/%m/%Y %H:%M"]   time_zone: Asia/Shanghai
fields:
  title:    {column: [short_description, subject]}
  status:   {column: state, values: {"New": new, "Closed": closed}, unknown: before}
  assignee: {column: assigned_to, create: true}
stages: [{status: resolved, at: resolved_at}]
"""

from __future__ import annotations

import json
from collections.abc import Mapping as Map
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from gnomon.records.imports.refusals import MappingFault

SHAPES = ("auto", "events", "records")
UNKNOWN = ("refuse", "as_is", "empty", "before")
LARGEST = 256 * 1024
COMMON_DATES = ("iso", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")
NOTHING = ("", "NULL", "null", "(empty)", "N/A")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of one field comes from.

    `column` names columns of which the first that the file has is read; with `join` all of them are.
    `values` is a table of meanings; `unknown` says what happens to a value that is not in it.
    `while_in` are the statuses in which the field means something: a log repeats on every row what
    became known only at the end; `once` reads the first row alone. `create` records an unknown person
    or team, with `facts` beside the name; `by` are further fields by which one may be known.
    """

    column: tuple[str, ...] = ()
    join: str = ""
    constant: Any = None
    values: Map[str, Any] | None = None
    unknown: str = "refuse"
    otherwise: Any = None
    dates: tuple[str, ...] = ()
    time_zone: str = ""
    while_in: tuple[str, ...] = ()
    create: bool = False
    facts: Map[str, Any] | None = None
    by: tuple[str, ...] = ()
    cut: bool = False
    once: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """What a date in a row tells: the record came into `status` then."""

    status: str
    at: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment that the file does not have: when the record came into one of these statuses, while it is in those."""

    enters: tuple[str, ...]
    while_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a file becomes records of a kind.

    `stages` tell from the dates of a single row how its record went along; `stamps` fill moments that
    the file lacks; `because` is the column whose words go with each entry. `objects` is the type of those
    objects of an object-centric log that become records, where it is not called as the kind is.
    """

    kind: str
    name: str = ""
    title: str = ""
    source: str = "file"
    reads: str = "csv"
    objects: str = ""
    key: tuple[str, ...] = ()
    shape: str = "records"
    events_if: tuple[str, ...] = ()
    happened_at: Origin = Origin()
    origins: Map[str, Origin] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()
    stamps: Map[str, Stamp] = field(default_factory=dict)
    because: tuple[str, ...] = ()
    keep: Map[str, Origin] = field(default_factory=dict)
    keep_in: str = ""
    keep_unknown: bool = False
    ignore: tuple[str, ...] = ()
    nothing: tuple[str, ...] = NOTHING
    dates: tuple[str, ...] = COMMON_DATES
    time_zone: str = ""
    encoding: str = ""
    separator: str = ""
    fill: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone or settings.TIME_ZONE)

    def shape_of(self, columns: tuple[str, ...]) -> str:
        """Whether the file tells many rows of a record, or one."""
        if self.shape != "auto":
            return self.shape
        return "events" if self.events_if and set(self.events_if) <= set(columns) else "records"


def mapping_of(table: Map[str, Any]) -> Mapping:
    """A mapping from plain data; MappingFault names the word that is not understood."""
    if not isinstance(table, Map):
        raise MappingFault(_("A mapping is a set of names and values. Start with “kind:” and “fields:”."))
    known = {part.name for part in fields(Mapping)} - {"origins"} | {"fields", "format"}
    _refuse_unknown(table, known, _("mapping"))
    if not table.get("kind"):
        raise MappingFault(_("The mapping does not say of which kind the records are. Add “kind: incident”."))
    given = {
        name: value for name, value in table.items() if name not in {"fields", "format", "keep", "stages", "stamps"}
    }
    _typed(given, Mapping(kind=""), "mapping")
    if "happened_at" in given:
        given["happened_at"] = origin_of("happened_at", given["happened_at"])
    made = Mapping(
        **given,
        origins={name: origin_of(name, value) for name, value in _named(table.get("fields"), "fields").items()},
        keep=_kept(table.get("keep")),
        stages=tuple(_stage(stage) for stage in table.get("stages") or ()),
        stamps={name: _stamp(name, value) for name, value in _named(table.get("stamps"), "stamps").items()},
    )
    _check(made)
    return made


def origin_of(name: str, table: Any) -> Origin:
    """An origin from plain data: a column's name, or names and values."""
    if isinstance(table, str):
        return Origin(column=(table,))
    if not isinstance(table, Map):
        raise MappingFault(_("“%(name)s” needs a column, for example {column: state}.") % {"name": name})
    _refuse_unknown(table, {part.name for part in fields(Origin)}, name)
    given = dict(table)
    for key in ("values", "facts"):
        if key in given:
            given[key] = _named(given[key], key)
    _typed(given, Origin(), name)
    made = Origin(**given)
    if made.unknown not in UNKNOWN:
        raise MappingFault(
            _("“%(name)s” says unknown: %(given)s; it can be %(known)s.")
            % {"name": name, "given": made.unknown, "known": ", ".join(UNKNOWN)}
        )
    if not made.column and made.constant is None:
        raise MappingFault(_("“%(name)s” names neither a column nor a constant.") % {"name": name})
    return made


def table_of(mapping: Mapping) -> dict[str, Any]:
    """The mapping as plain data, without what says nothing: what is saved, shown and compared."""
    table = _said(asdict(mapping), asdict(Mapping(kind="")))
    plain = asdict(Origin())
    table["fields"] = {name: _said(origin, plain) for name, origin in table.pop("origins", {}).items()}
    if "keep" in table:
        table["keep"] = {name: _said(origin, plain) for name, origin in table["keep"].items()}
    if "happened_at" in table:
        table["happened_at"] = _said(table["happened_at"], plain)
    if "stamps" in table:
        table["stamps"] = {name: _said(stamp, {"while_in": ()}) for name, stamp in table["stamps"].items()}
    return {"format": 1, **json.loads(json.dumps(table))}


def mapping_from_text(text: str) -> Mapping:
    """A mapping from YAML or JSON text."""
    if len(text) > LARGEST:
        raise MappingFault(_("A mapping of more than 256 kB is not read."))
    try:
        table = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise MappingFault(_("The mapping is no YAML: %(why)s.") % {"why": " ".join(str(fault).split())}) from fault
    return mapping_of(table)


def mapping_text(mapping: Mapping) -> str:
    """The mapping as YAML, for people to read and edit."""
    return yaml.safe_dump(table_of(mapping), allow_unicode=True, sort_keys=False, width=110)


def _check(mapping: Mapping) -> None:
    if mapping.shape not in SHAPES:
        raise MappingFault(
            _("The shape is “%(given)s”; it can be %(known)s.") % {"given": mapping.shape, "known": ", ".join(SHAPES)}
        )
    if mapping.shape != "records" and not mapping.key:
        raise MappingFault(_("A log of events needs “key:”, the column that says to which record a row belongs."))
    if mapping.shape != "records" and not mapping.happened_at.column:
        raise MappingFault(_("A log of events needs “happened_at:”, the column that says when a row happened."))
    zones = {mapping.time_zone, *(origin.time_zone for origin in mapping.origins.values())} - {""}
    for zone in sorted(zones - available_timezones()):
        raise MappingFault(_("“%(zone)s” is no time zone. Give an IANA name, as Asia/Shanghai.") % {"zone": zone})
    if (mapping.keep or mapping.keep_unknown) and not mapping.keep_in:
        raise MappingFault(_("“keep” needs “keep_in:”, the field that holds the facts of the source."))
    if len(mapping.separator) > 1:
        raise MappingFault(_("A separator is one character."))


def _stage(table: Any) -> Stage:
    if not isinstance(table, Map) or set(table) != {"status", "at"}:
        raise MappingFault(_("A stage names a status and a field with a date: {status: resolved, at: resolved_at}."))
    return Stage(str(table["status"]), str(table["at"]))


def _stamp(name: str, table: Any) -> Stamp:
    if not isinstance(table, Map) or not {"enters"} <= set(table) <= {"enters", "while_in"}:
        raise MappingFault(_("A stamp names statuses: %(name)s: {enters: [resolved]}.") % {"name": name})
    return Stamp(_texts(table["enters"], name), _texts(table.get("while_in") or (), name))


def _kept(table: Any) -> dict[str, Origin]:
    if isinstance(table, list):
        return {str(name): Origin(column=(str(name),)) for name in table}
    return {name: origin_of(name, value) for name, value in _named(table, "keep").items()}


def _named(table: Any, name: str) -> dict[str, Any]:
    if table is None:
        return {}
    if not isinstance(table, Map):
        raise MappingFault(_("“%(name)s” needs names and values.") % {"name": name})
    return {str(key): value for key, value in table.items()}


def _texts(value: Any, name: str) -> tuple[str, ...]:
    if isinstance(value, str | int | float):
        return (str(value),)
    if isinstance(value, list | tuple):
        return tuple(str(part) for part in value)
    raise MappingFault(_("“%(name)s” needs a text or a list of texts.") % {"name": name})


def _typed(given: dict[str, Any], usual: Any, where: str) -> None:
    """Bring texts, lists and switches into the type that the default has."""
    for name, value in given.items():
        default = getattr(usual, name)
        if isinstance(default, tuple):
            given[name] = _texts(value, name)
        elif isinstance(default, bool):
            if not isinstance(value, bool):
                raise MappingFault(_("“%(name)s” in “%(where)s” is true or false.") % {"name": name, "where": where})
        elif isinstance(default, str):
            if not isinstance(value, str | int | float):
                raise MappingFault(_("“%(name)s” in “%(where)s” needs a text.") % {"name": name, "where": where})
            given[name] = str(value)


def _said(table: Map[str, Any], usual: Map[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if value not in (None, {}) and value != usual.get(name)}


def _refuse_unknown(table: Map[str, Any], known: set[str], where: str) -> None:
    for name in table:
        if name not in known:
            raise MappingFault(
                _("“%(name)s” in “%(where)s” is not understood. It can have: %(known)s.")
                % {"name": name, "where": where, "known": ", ".join(sorted(known))}
            )
