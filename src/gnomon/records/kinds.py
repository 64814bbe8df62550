"""A kind of record is declared once; lists, pages, forms, imports, REST and permissions follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models

from gnomon.standard.collect import collect
from gnomon.standard.plugs import Actor, Says
from gnomon.workflow.tables import Move, Workflow

if TYPE_CHECKING:
    from gnomon.records.actions.projections import Into
    from gnomon.records.models import LedgerEntry, Record
    from gnomon.records.presets import Preset


@dataclass(slots=True)
class Change:
    """What is about to be written: the new values by field, by whom, when in the world, and why."""

    verb: str
    by: Actor
    at: datetime
    facts: dict[str, Any]
    old: Mapping[str, Any]
    because: str = ""
    move: Move | None = None

    @property
    def creates(self) -> bool:
        return self.verb == "recorded"


@dataclass(frozen=True, slots=True)
class ReadyView:
    """A list that everybody who reads a kind finds under a name."""

    name: str
    title: Says
    query: str


@dataclass(frozen=True, slots=True)
class Lens:
    """A filter with a meaning of its own that people choose from a list: `choices` are its usual values.

    `says` puts any value into words.
    """

    title: Says
    narrow: Callable[[models.QuerySet[Any], str], models.QuerySet[Any]]
    choices: tuple[tuple[str, Says], ...] = ()
    says: Callable[[str], str] | None = None

    def __call__(self, query: models.QuerySet[Any], value: str) -> models.QuerySet[Any]:
        return self.narrow(query, value)


@dataclass(frozen=True, slots=True)
class Derivation:
    """Projections as they stood after each entry: `run` answers, for whole histories, (version, field → value) in order.

    Values are as the ledger writes them, and are told where they may have changed. Whoever needs only the newer
    entries gives for each number the version `since` which they are told.
    """

    fields: tuple[str, ...]
    run: Callable[..., Sequence[Sequence[tuple[int, Mapping[str, Any]]]]]


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """The declaration of a kind of record (docs/adding-a-kind.md).

    `may` maps read, create, change, comment, export and import to the roles that may; moves name
    theirs in the workflow. `sees` narrows a query to what people without the read role may know of; `open_to` are
    the fields whose person is always among these, so that nobody need ask the database.
    `asks` are the fields that are asked of people who may record but not change: all, when it is empty.
    People without the read role are told `columns`, `asks` and `shows` of what they see, at every door, and of
    the reasons that others gave only those of the moves in `open_reasons`.
    `prepare` answers further facts that follow from those given. `after` keeps projections in step
    inside the same transaction, and `rebuild` does the same for many records at once, or only
    compares (`actions.projections`); `derives` tells from the
    ledger what some of them were in the past. `inherits`
    answers, for records that are brought along with their history, the facts that a new one would get:
    first facts → further facts, both as the ledger writes them. `lenses` are
    filters with a meaning of their own, such as “open at a moment”; a `Lens` stands above the list beside the
    filters. `mine` answers whose records `field=mine` finds, `views` are the lists that everybody finds under a name,
    `extra_columns` name columns that only `cells` fills, and `listed` are the columns of the list where they are not
    simply `columns`. `cells` answers, for a page of
    records at once, number → column → value where a column shows more than its field; `stories` the
    clocks of one record; `verbs` what people call entries that are no moves; `tells` the title of a
    fact that is no field and what people read instead of it; `more` what a record's page
    offers beside its moves; `presets` what a new record can begin with, for those who may change such records;
    `relies` why code needs a move, for those who make versions of the workflow.
    `before` are earlier versions of the workflow, which records of then live by.
    Records of a kind that is known `by_number` are never offered by their titles, which tell nobody apart.
    `leads_to` answers the record that is shown instead of one that became part of it, and `told_with` the
    entries of other records that the timeline of one tells as well. `personal` are fields that may speak of people
    beside title, free texts, e-mail addresses and custom fields: their values in the ledger can be erased.
    Records of a kind with `rules` decide what is written on others. `ahead` answers for a verb and its facts whether
    `prepare` and `check` rest on nothing but these, the record itself and rules: then they are asked before the turn
    to write is taken (`records.actions.thinking`); of a kind without it, when they ask the database of rules alone.
    `foresees` then puts on the record what its projections will be, given what is written, and answers their names:
    they are stored with it.
    """

    name: str
    model: type[Record]
    prefix: str
    clause: str
    title: Says
    plural: Says
    workflow: Workflow
    fields: tuple[str, ...]
    may: Mapping[str, tuple[str, ...]]
    slug: str = ""
    columns: tuple[str, ...] = ("number", "title", "status", "owner", "recorded_at")
    filters: tuple[str, ...] = ("status",)
    searched: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    open_reasons: tuple[str, ...] = ()
    sees: Callable[[models.QuerySet[Any], Actor], models.QuerySet[Any]] | None = None
    open_to: tuple[str, ...] = ()
    prepare: Callable[[Record, Change], dict[str, Any]] | None = None
    check: Callable[[Record, Change], Mapping[str, str]] | None = None
    after: tuple[Callable[[Record, LedgerEntry], None], ...] = ()
    rebuild: tuple[Callable[[Sequence[Record], Into], None], ...] = ()
    inherits: Callable[[Sequence[Mapping[str, Any]]], Sequence[Mapping[str, Any]]] | None = None
    lenses: Mapping[str, Callable[[models.QuerySet[Any], str], models.QuerySet[Any]]] = field(default_factory=dict)
    cells: Callable[[Sequence[Record]], Mapping[str, Mapping[str, Any]]] | None = None
    stories: Callable[[Record], Sequence[Any]] | None = None
    more: Callable[[Record, Actor], Sequence[Any]] | None = None
    presets: Callable[[Actor], Sequence[Preset]] | None = None
    leads_to: Callable[[Record, Actor], Record | None] | None = None
    told_with: Callable[[Record, Actor], Sequence[tuple[Record, Sequence[LedgerEntry]]]] | None = None
    verbs: Mapping[str, Says] = field(default_factory=dict)
    tells: Mapping[str, tuple[Says, Callable[[Any], Any]]] = field(default_factory=dict)
    relies: Mapping[str, Says] = field(default_factory=dict)
    before: tuple[Workflow, ...] = ()
    mine: Mapping[str, Callable[[Actor], models.QuerySet[Any]]] = field(default_factory=dict)
    views: tuple[ReadyView, ...] = ()
    extra_columns: Mapping[str, Says] = field(default_factory=dict)
    listed: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    projections: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    rules: bool = False
    ahead: Callable[[str, Mapping[str, Any]], bool] | None = None
    foresees: Callable[[Record, Change, Mapping[str, Sequence[Any]]], tuple[str, ...]] | None = None
    derives: Derivation | None = None
    named_by: tuple[str, ...] = ("number", "title")
    by_number: bool = False
    icon: str = "file-text"
    order: str = "-id"

    @property
    def app(self) -> str:
        return self.model._meta.app_label

    @property
    def path(self) -> str:
        """The word for this kind in addresses: the plural of its name."""
        return self.slug or f"{self.name.replace('_', '-')}s"

    def workflow_of(self, record: Record) -> Workflow:
        """The version of the workflow that this record lives by."""
        if record.workflow_version == self.workflow.version:
            return self.workflow
        return self.workflow_version(record.workflow_version)

    def workflow_version(self, version: int) -> Workflow:
        for known in (self.workflow, *self.before):
            if version == known.version:
                return known
        from gnomon.records.definitions import stored_workflow

        return stored_workflow(self.name, version)

    def move_of(self, record: Record, name: str) -> Move:
        """The move of this name that a record may take; LookupError when it has none.

        A record that lives by an earlier declared version may take the moves of the present one: it goes
        over to that version with the move. Versions that administrators made are kept until they migrate.
        """
        try:
            return self.workflow_of(record).move(name)
        except LookupError:
            if record.workflow_version not in {known.version for known in self.before}:
                raise
            return self.workflow.move(name)

    def holders(self, verb: str) -> tuple[str, ...]:
        """Roles that may do `verb`, one of `may` or the name of a move, as administrators changed it."""
        from gnomon.records.definitions import permitted

        return permitted(self.name, verb, self.declared_holders(verb))

    def declared_holders(self, verb: str) -> tuple[str, ...]:
        """Roles that may do `verb` when nobody changed it."""
        if verb in self.may:
            return self.may[verb]
        try:
            return self.workflow.move(verb).who
        except LookupError:
            return ()


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds that the installed apps declare."""
    return collect("kinds", Kind)


@cache
def _by_name() -> dict[str, Kind]:
    return {kind.name: kind for kind in kinds()}


@cache
def _by_model() -> dict[Any, Kind]:
    return {kind.model: kind for kind in kinds()}


def kind_of(model: type[models.Model]) -> Kind:
    """The kind whose records this model keeps; LookupError when no app declares one."""
    try:
        return _by_model()[model]
    except KeyError:
        raise LookupError(f"{model.__name__} is declared by no kind.") from None


def kind_named(name: str) -> Kind:
    """The kind called `name`; LookupError when there is none."""
    try:
        return _by_name()[name]
    except KeyError:
        raise LookupError(f"There is no kind of record called {name}.") from None


def kind_of_number(number: str) -> Kind:
    """The kind that a record number belongs to, by its prefix; LookupError when there is none."""
    prefix = number.partition("-")[0]
    for kind in kinds():
        if kind.prefix == prefix:
            return kind
    raise LookupError(f"No kind of record has numbers like {number}.")


def find_record(number: str, *, whole: bool = False) -> Record | None:
    """The record of any kind that has this number, or None; `whole` with those that it points to."""
    try:
        kind = kind_of_number(number)
    except LookupError:
        return None
    from gnomon.records.queries.numbered import numbered

    found: Record | None = numbered(kind.model, number, whole=whole)
    return found
