"""What the catalogue is made of: clauses, requirements, evidence rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from django.utils.translation import get_language

from gnomon.standard.clauses import is_within
from gnomon.standard.plugs import Limit

Level = Literal["automatic", "assisted", "attested"]
Weight = Literal["deciding", "supporting"]
OnEmpty = Literal["nonconforming", "not_applicable", "undetermined"]
Basis = Literal["", "amendment", "note", "informative"]


@dataclass(frozen=True, slots=True)
class Words:
    """A text of the catalogue in both languages; shown in the reader's."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "en").startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """One thing that must be true of the records; `position` counts from 1 within its requirement."""

    requirement: str
    position: int
    source: str
    says: Words
    population: str
    window: str
    threshold: str
    on_empty: OnEmpty
    weight: Weight
    limits: tuple[Limit, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.requirement}/{self.position}"

    @property
    def decides(self) -> bool:
        return self.weight == "deciding"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One testable obligation of the standard, in our own words."""

    id: str
    ref: str
    clause: str
    text: Words
    kind: str
    documented: bool
    frequency: str
    level: Level
    rules: tuple[EvidenceRule, ...]
    nonconformities: tuple[Words, ...] = ()
    interval: str = ""
    basis: Basis = ""

    @property
    def binds(self) -> bool:
        """Whether it can be a ground of nonconformity; notes and information cannot."""
        return self.basis not in {"note", "informative"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that holds requirements, with its title."""

    id: str
    title: Words
    pdca: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True)
class Catalogue:
    """All requirements of one edition of the standard."""

    id: str
    edition: str
    amendment: str
    groups: Mapping[str, Words]
    sources: Mapping[str, Words]
    clauses: tuple[Clause, ...]

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        return tuple(requirement for clause in self.clauses for requirement in clause.requirements)

    @cached_property
    def rules(self) -> Mapping[str, EvidenceRule]:
        """Evidence rules by name, `8.6.1-a1/2` being the second of 8.6.1-a1."""
        return {rule.name: rule for requirement in self.requirements for rule in requirement.rules}

    @cached_property
    def _by_id(self) -> Mapping[str, Requirement]:
        return {requirement.id: requirement for requirement in self.requirements}

    @cached_property
    def titles(self) -> Mapping[str, Words]:
        """Titles of clauses and of the groups above them."""
        return {**self.groups, **{clause.id: clause.title for clause in self.clauses}}

    def requirement(self, number: str) -> Requirement:
        """The requirement with this id; LookupError when the standard has none."""
        try:
            return self._by_id[number]
        except KeyError:
            raise LookupError(f"The catalogue has no requirement {number}.") from None

    def within(self, clause: str) -> Iterator[Requirement]:
        """Requirements of a clause and of those below it; all when `clause` is empty."""
        return (r for r in self.requirements if not clause or is_within(r.id, clause) or r.id == clause)

    @property
    def tops(self) -> tuple[str, ...]:
        """Clauses 4 to 10 in their order."""
        return tuple(dict.fromkeys(clause.id.partition(".")[0] for clause in self.clauses))


@dataclass(frozen=True, slots=True)
class Interval:
    """An activity that is repeated, and how often it is when the organization has not planned it."""

    activity: str
    clause: str
    title: Words
    days: int
    tolerance: int
    required: bool


@dataclass(frozen=True, slots=True)
class Semantics:
    """How the catalogue is to be read: labels and default intervals."""

    labels: Mapping[str, Mapping[str, Words]]
    intervals: Mapping[str, Interval]

    def label(self, vocabulary: str, word: str) -> Words:
        """What a word of the catalogue is called: `label("level", "assisted")`."""
        return self.labels.get(vocabulary, {}).get(word, Words(word, word))
