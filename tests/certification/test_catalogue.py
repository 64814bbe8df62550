"""The catalogue says what the standard has, completely and in both languages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from django.utils import translation

from gnomon.certification.catalogue import Catalogue, Words, catalogue, semantics
from gnomon.certification.catalogue.validation import faults

# Clause → the letters of its items, "" where the standard letters nothing: facts of the 2018 edition.
LETTERS = {
    "4.1": "", "4.2": "ab", "4.3": "abc", "4.4": "",
    "5.1": "abcdefghijkl", "5.2.1": "abcd", "5.2.2": "abc", "5.3": "ab",
    "6.1.1": "abc", "6.1.2": "abcd", "6.1.3": "ab", "6.2.1": "abcdef", "6.2.2": "abcde", "6.3": "abcdefgh",
    "7.1": "", "7.2": "abcd", "7.3": "abcde", "7.4": "abcde", "7.5.1": "ab", "7.5.2": "abc", "7.5.3.1": "ab",
    "7.5.3.2": "abcd", "7.5.4": "abcdefghijkl", "7.6": "",
    "8.1": "abc", "8.2.1": "", "8.2.2": "", "8.2.3.1": "abc", "8.2.3.2": "ab", "8.2.4": "", "8.2.5": "",
    "8.2.6": "abcde", "8.3.1": "", "8.3.2": "", "8.3.3": "ab", "8.3.4.1": "abcd", "8.3.4.2": "", "8.4.1": "",
    "8.4.2": "ab", "8.4.3": "abc", "8.5.1.1": "abc", "8.5.1.2": "abcdef", "8.5.1.3": "abcde",
    "8.5.2.1": "abcdefgh", "8.5.2.2": "abcdefg", "8.5.2.3": "", "8.5.3": "", "8.6.1": "abcde", "8.6.2": "abcd",
    "8.6.3": "abcde", "8.7.1": "", "8.7.2": "abcde", "8.7.3.1": "abc", "8.7.3.2": "", "8.7.3.3": "abcde",
    "9.1": "abcd", "9.2.1": "ab", "9.2.2": "abcde", "9.3": "abcdefghijkl", "9.4": "",
    "10.1.1": "abcde", "10.1.2": "ab", "10.2": "abcde",
}  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Catalogue:
    return catalogue()


def test_clauses_4_to_10_hold_434_requirements_proved_by_527_rules(book: Catalogue) -> None:
    assert (len(book.clauses), len(book.requirements), len(book.rules)) == (63, 434, 527)
    tops = Counter(requirement.id.partition(".")[0] for requirement in book.requirements)
    assert tops == {"4": 15, "5": 24, "6": 38, "7": 44, "8": 254, "9": 39, "10": 20}
    assert book.tops == ("4", "5", "6", "7", "8", "9", "10")


def test_every_lettered_item_of_the_standard_is_there_under_its_letter(book: Catalogue) -> None:
    found = {clause.id: set() for clause in book.clauses}
    for requirement in book.requirements:
        if letter := re.search(r" ([a-l])\)", requirement.ref):
            assert requirement.id.partition("-")[2][0] == letter[1]
            found[requirement.clause].add(letter[1])
    assert {clause: "".join(sorted(letters)) for clause, letters in found.items()} == LETTERS


def test_the_catalogue_and_its_semantics_are_without_fault(book: Catalogue) -> None:
    assert faults(book, semantics()) == []


def test_only_notes_and_information_cannot_be_nonconforming(book: Catalogue) -> None:
    assert {r.id: r.basis for r in book.requirements if r.basis} == {
        "4.1-c": "amendment",
        "4.2-c": "note",
        "8.3.1-a": "informative",
    }
    assert [r.id for r in book.requirements if not r.binds] == ["4.2-c", "8.3.1-a"]


def test_every_interval_activity_is_planned_by_a_requirement(book: Catalogue) -> None:
    used = {requirement.interval for requirement in book.requirements} - {""}
    assert used == set(semantics().intervals)


def test_texts_speak_the_language_of_the_reader(book: Catalogue) -> None:
    record_every_incident = book.requirement("8.6.1-a1")
    with translation.override("en"):
        assert str(record_every_incident.text) == "Record every incident that becomes known."
    with translation.override("zh-hans"):
        assert str(record_every_incident.text) == "凡是知道的服务中断或降级都登记成事件。"


def test_a_clause_gathers_what_stands_below_it(book: Catalogue) -> None:
    assert [r.id for r in book.within("8.6.1-b")] == ["8.6.1-b"]
    assert len(list(book.within("8.6.1"))) == 13
    # 8.6.1 has 13, 8.6.2 has 7, 8.6.3 has 15
    assert len(list(book.within("8.6"))) == 35
    assert len(list(book.within(""))) == 434


def test_glossary_words_stand_in_the_chinese_texts(book: Catalogue) -> None:
    texts = [r.text.zh for r in book.requirements] + [rule.says.zh for rule in book.rules.values()]
    texts += [n.zh for r in book.requirements for n in r.nonconformities]
    for avoided in ("供方", "顾客", "成文信息", "事态", "流程", "最高管理者"):
        assert not [text for text in texts if avoided in text]


@pytest.mark.parametrize(
    ("spoiled", "sentence"),
    [
        ({"id": "8.6.1-z9x"}, "8.6.1-z9x is not an id of clause 8.6.1; say 8.6.1-a or -a1."),
        ({"id": "8.6.1-c"}, "8.6.1-c does not carry the letter of 8.6.1 b)."),
        ({"text": Words("The organization shall do it.", "做。")}, "8.6.1-b reads like a sentence of the standard"),
        ({"text": Words("Do it.", "Do it.")}, "8.6.1-b has no Chinese text."),
        ({"level": "guessed"}, "8.6.1-b has the level “guessed”, which is not known."),
        ({"interval": "tea"}, "8.6.1-b has the interval activity “tea”, which is not known."),
        ({"rules": ()}, "8.6.1-b has no deciding rule, so nothing could ever prove it."),
    ],
)
def test_a_spoiled_requirement_is_named_in_a_sentence(
    book: Catalogue, spoiled: dict[str, object], sentence: str
) -> None:
    assert any(sentence in fault for fault in faults(_with(book, spoiled), semantics()))


@pytest.mark.parametrize(
    ("spoiled", "sentence"),
    [
        ({"threshold": "most"}, "8.6.1-b/1: “most” is not a threshold"),
        ({"window": "a while"}, "8.6.1-b/1 has the window “a while”, which is not known."),
        ({"source": "hearsay"}, "8.6.1-b/1 has the source “hearsay”, which is not known."),
        (
            {"says": Words("`impact` is filled", "`urgency` 已填写")},
            "8.6.1-b/1 names other fields or values in Chinese",
        ),
    ],
)
def test_a_spoiled_rule_is_named_in_a_sentence(book: Catalogue, spoiled: dict[str, object], sentence: str) -> None:
    (rule,) = book.requirement("8.6.1-b").rules
    changed = _with(book, {"rules": (replace(rule, **spoiled),)})  # type: ignore[arg-type]
    assert any(sentence in fault for fault in faults(changed, semantics()))


def _with(book: Catalogue, changes: dict[str, object]) -> Catalogue:
    """The catalogue with 8.6.1-b changed."""
    clauses = tuple(
        replace(
            clause,
            requirements=tuple(
                replace(r, **changes) if r.id == "8.6.1-b" else r  # type: ignore[arg-type]
                for r in clause.requirements
            ),
        )
        for clause in book.clauses
    )
    return replace(book, clauses=clauses)
