"""Turn the filters of a question into parameters of a kind's list; what cannot be is said, and searched as words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.jobs.moments import MomentField
from gnomon.records.definitions import states_of, within
from gnomon.records.kinds import Kind, kind_of
from gnomon.records.levels import words_for
from gnomon.records.search import names
from gnomon.records.search.asking import Asked, Wish, Words
from gnomon.records.search.moments import bounds_of
from gnomon.records.search.named import Named, filter_named, parts_of
from gnomon.records.search.terms import terms_of
from gnomon.records.showing import field_named, field_title
from gnomon.standard.plugs import Actor
from gnomon.workflow.tables import Phase

if TYPE_CHECKING:
    from gnomon.records.search.names import FIELD

Parameters = dict[str, list[str]]


@dataclass(slots=True)
class Understood:
    """A question as it is put to one kind.

    `parameters` are those of its list; `words` what is left to be found in the text. `notes` say in sentences
    what was not understood. `fits` is false when a filter is meant for other kinds than this.
    """

    parameters: Parameters = field(default_factory=dict)
    words: list[Words] = field(default_factory=list)
    shown: list[tuple[str, str, Wish]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fits: bool = True

    @property
    def asked(self) -> Asked:
        return Asked(tuple(self.words))


def understood(asked: Asked, kind: Kind, person: Actor, named: Named) -> Understood:
    """A question as this person puts it to a kind; `named` are the records that its filters name."""
    answer = Understood(words=list(asked.words))
    for wish in asked.wishes:
        _Reader(kind, person, answer, named).read(wish)
    return answer


def near_name(name: str) -> str:
    """The name of a filter that somebody may have meant; an empty text when none is near."""
    return next(iter(get_close_matches(name, sorted(names.all_names()), 1, 0.7)), "")


@dataclass(slots=True)
class _Reader:
    """Reads one wish after another for a kind and a person."""

    kind: Kind
    person: Actor
    answer: Understood
    named: Named

    def read(self, wish: Wish) -> None:
        if wish.name in names.KIND_NAMES:
            self._kind(wish)
        elif wish.name in names.IS_NAMES:
            self._is(wish)
        elif wish.name in names.NUMBER_NAMES:
            self._put("number", [wish.value.upper()], wish, _("Number"), wish.value.upper())
        elif wish.name in names.PHASE_NAMES:
            if not self._phase(wish, _("Phase")):
                self._no_value(wish, _("Phase"))
        elif name := self._field(wish.name):
            self._filter(field_named(self.kind, name), wish)
        elif wish.name in names.all_names():
            self.answer.fits = False
        else:
            self._unknown(wish)

    def _field(self, typed: str) -> str:
        return filter_named(self.kind, typed, self.person)

    # --- filters with a meaning of their own ---

    def _kind(self, wish: Wish) -> None:
        asked = [names.kinds_by_name().get(part.strip().lower()) for part in wish.value.split(",")]
        if None in asked:
            self._no_value(wish, _("Kind of record"))
        elif (self.kind in asked) is wish.unwanted:
            self.answer.fits = False
        else:
            self.answer.shown.append((_("Kind of record"), ", ".join(str(kind.plural) for kind in asked if kind), wish))

    def _is(self, wish: Wish) -> None:
        """is:open, is:breached, is:major, is:mine, is:unassigned."""
        value, known = wish.value.lower(), {f.name for f in self.kind.model._meta.concrete_fields}
        if self._phase(wish, _("Is")):
            return
        if value in self.kind.lenses:
            self._put(value, ["no" if wish.unwanted else "yes"], wish, _("Is"), wish.value, plain=True)
        elif value in names.ME and "assignee" in known:
            self._put("assignee", ["me"], wish, _("Is"), wish.value)
        elif value in {"unassigned", "未指派"} and "assignee" in known:
            self._put("assignee", ["none"], wish, _("Is"), wish.value)
        elif (name := self._field(f"is_{value}") or self._field(value)) and isinstance(
            field_named(self.kind, name), models.BooleanField
        ):
            self._put(name, ["false" if wish.unwanted else "true"], wish, _("Is"), wish.value, plain=True)
        else:
            self._no_value(wish, _("Is"))

    def _phase(self, wish: Wish, title: str) -> bool:
        """Whether the value is a phase, which then narrows the list to its states."""
        phase = names.phase_named(wish.value)
        if phase:
            self._put("status", self._within(phase), wish, title, wish.value)
        return bool(phase)

    def _within(self, phase: str) -> list[str]:
        phases = OPEN if phase == "unresolved" else (Phase(phase),)
        return list(within(self.kind, *phases))

    # --- filters by field ---

    def _filter(self, field: FIELD, wish: Wish) -> None:
        title = field_title(self.kind, field.name)
        if isinstance(field, MomentField | models.DateField):
            self._moment(field, wish, title)
        elif wish.sign and isinstance(field, models.IntegerField):
            self._measured(field, wish, title)
        elif values := self._values(field, wish):
            self._put(field.name, values, wish, title, wish.value)
        else:
            self._no_value(wish, title)

    def _values(self, field: FIELD, wish: Wish) -> list[str]:
        found: list[str] = []
        for part in parts_of(wish.value):
            if field.null and part.lower() in names.NONE:
                found.append("none")
            elif field.name == "status":
                found += self._states(part)
            elif isinstance(field, models.ForeignKey):
                found += self._related(field, part)
            elif isinstance(field, models.BooleanField):
                found += ["true"] if part.lower() in names.YES else ["false"] if part.lower() in names.NO else []
            elif field.choices:
                found += names.begin_like(field.flatchoices, part) or names.begin_like(words_for(field), part)
            else:
                found.append(part)
        return list(dict.fromkeys(found))

    def _states(self, typed: str) -> list[str]:
        states = states_of(self.kind)
        exactly = [s.name for s in states if typed.lower() in {s.name, *names.in_both(s.title)}]
        if exactly:
            return exactly
        if phase := names.phase_named(typed):
            return self._within(phase)
        return names.begin_like(((s.name, s.title) for s in states), typed)

    def _related(self, field: Any, typed: str) -> list[str]:
        """Numbers of the records whose number, name or title begins like what was typed."""
        kind = kind_of(field.related_model)
        if typed.lower() in names.ME and kind.name == "person":
            return ["me"]
        return self.named.numbers(kind, typed)

    def _moment(self, field: FIELD, wish: Wish, title: str) -> None:
        if field.null and wish.value.lower() in names.NONE:
            self._put(f"{field.name}.is", ["filled" if wish.unwanted else "empty"], wish, title, wish.value, plain=True)
            return
        try:
            found = bounds_of(wish.sign, wish.value, ahead="due" in field.name, now=timezone.now())
        except (ValueError, OverflowError):
            found = None
        if found is None or wish.unwanted:
            self._no_value(wish, title)
            return
        for bound, at in zip(("from", "to"), found, strict=True):
            if at is not None:
                text = at.isoformat() if isinstance(field, MomentField) else at.date().isoformat()
                self.answer.parameters.setdefault(f"{field.name}.{bound}", []).append(text)
        self.answer.shown.append((title, f"{wish.sign}{wish.value}", wish))

    def _measured(self, field: FIELD, wish: Wish, title: str) -> None:
        if not (wish.value.isascii() and wish.value.isdigit()) or len(wish.value) > 15 or wish.unwanted:
            self._no_value(wish, title)
            return
        number = int(wish.value) + (wish.sign in {">", "<="})
        bound = "from" if wish.sign in {">", ">="} else "to"
        self._put(f"{field.name}.{bound}", [str(number)], wish, title, f"{wish.sign}{wish.value}")

    # --- what becomes of it ---

    def _put(
        self, name: str, values: Sequence[str], wish: Wish, title: str, says: str, *, plain: bool = False
    ) -> None:  # fmt: skip
        name = f"{name}.not" if wish.unwanted and not plain else name
        self.answer.parameters.setdefault(name, []).extend(values)
        self.answer.shown.append((title, says, wish))

    def _no_value(self, wish: Wish, title: str) -> None:
        says = _("“%(value)s” is no value for the filter “%(name)s”; it was searched as words.")
        self._as_words(wish, says % {"value": wish.value, "name": title})

    def _unknown(self, wish: Wish) -> None:
        near = near_name(wish.name)
        if near:
            says = _("There is no filter called “%(name)s”; did you mean “%(near)s”? It was searched as words.")
        else:
            says = _("There is no filter called “%(name)s”; it was searched as words.")
        self._as_words(wish, says % {"name": wish.name, "near": near})

    def _as_words(self, wish: Wish, says: str) -> None:
        self.answer.notes.append(says)
        told = (text for text in (wish.name, wish.value) if terms_of(text).wanted)
        self.answer.words += [Words(text, unwanted=wish.unwanted) for text in told]


OPEN = (Phase.OPEN, Phase.WAITING)
