"""Whether a catalogue can be used: every fault in a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import get_args

from gnomon.certification.catalogue.shapes import (
    Basis,
    Catalogue,
    EvidenceRule,
    Level,
    OnEmpty,
    Requirement,
    Semantics,
    Weight,
    Words,
)
from gnomon.certification.thresholds import ThresholdUnreadable, parse

CHINESE = re.compile(r"[一-鿿]")
# Sentences of the standard are not ours; its auxiliary verb is the surest sign of one.
BORROWED = re.compile(r"\bshall\b|应当|组织应")
NAMED = re.compile(r"`([^`]+)`|'([^']+)'")


def faults(catalogue: Catalogue, semantics: Semantics) -> list[str]:
    """What is wrong with the catalogue; an empty list means it may be used."""
    return list(_all(catalogue, semantics))


def _all(catalogue: Catalogue, semantics: Semantics) -> Iterator[str]:
    yield from _twice("Clause", (clause.id for clause in catalogue.clauses))
    yield from _twice("Requirement", (requirement.id for requirement in catalogue.requirements))
    yield from _twice("The text", (r.text.en for r in catalogue.requirements))
    yield from _twice("The text", (r.text.zh for r in catalogue.requirements))
    for number, title in catalogue.titles.items():
        yield from _in_both_languages(f"The title of {number}", title)
    for clause in catalogue.clauses:
        if not clause.requirements:
            yield f"Clause {clause.id} holds no requirement."
    for requirement in catalogue.requirements:
        yield from _of_requirement(requirement, semantics)
        for rule in requirement.rules:
            yield from _of_rule(rule, catalogue, semantics)


def _of_requirement(requirement: Requirement, semantics: Semantics) -> Iterator[str]:
    number = requirement.id
    if not re.fullmatch(re.escape(requirement.clause) + r"-[a-z]\d?", number):
        yield f"{number} is not an id of clause {requirement.clause}; say {requirement.clause}-a or -a1."
    letter = re.search(r" ([a-z])\)", requirement.ref)
    if letter and number.partition("-")[2][:1] != letter[1]:
        yield f"{number} does not carry the letter of {requirement.ref}."
    yield from _in_both_languages(number, requirement.text)
    if BORROWED.search(requirement.text.en + requirement.text.zh):
        yield f"{number} reads like a sentence of the standard; say it in our own words."
    yield from _unknown(number, "level", requirement.level, get_args(Level))
    yield from _unknown(number, "basis", requirement.basis, get_args(Basis))
    yield from _unknown(number, "kind", requirement.kind, semantics.labels["kind"])
    yield from _unknown(number, "frequency", requirement.frequency, semantics.labels["frequency"])
    if requirement.interval:
        yield from _unknown(number, "interval activity", requirement.interval, semantics.intervals)
    if requirement.binds and not any(rule.decides for rule in requirement.rules):
        yield f"{number} has no deciding rule, so nothing could ever prove it."
    for nonconformity in requirement.nonconformities:
        yield from _in_both_languages(f"A typical nonconformity of {number}", nonconformity)


def _of_rule(rule: EvidenceRule, catalogue: Catalogue, semantics: Semantics) -> Iterator[str]:
    yield from _in_both_languages(rule.name, rule.says)
    yield from _unknown(rule.name, "source", rule.source, catalogue.sources)
    yield from _unknown(rule.name, "window", rule.window, semantics.labels["window"])
    yield from _unknown(rule.name, "weight", rule.weight, get_args(Weight))
    yield from _unknown(rule.name, "meaning of an empty population", rule.on_empty, get_args(OnEmpty))
    if _names(rule.says.en) != _names(rule.says.zh):
        yield f"{rule.name} names other fields or values in Chinese than in English."
    try:
        parse(rule.threshold)
    except ThresholdUnreadable as unreadable:
        yield f"{rule.name}: {unreadable}"


def _names(text: str) -> set[tuple[str, str]]:
    return set(NAMED.findall(text))


def _twice(what: str, values: Iterable[str]) -> Iterator[str]:
    return (f"{what} “{value}” stands twice." for value, times in Counter(values).items() if times > 1)


def _in_both_languages(what: str, words: Words) -> Iterator[str]:
    if not words.en.strip() or CHINESE.search(words.en):
        yield f"{what} has no English text, or Chinese in it."
    if not CHINESE.search(words.zh):
        yield f"{what} has no Chinese text."


def _unknown(what: str, key: str, word: str, known: Iterable[str]) -> Iterator[str]:
    if word not in known:
        yield f"{what} has the {key} “{word}”, which is not known."
