"""The pages of the clauses say what the catalogue and the checks say, and keep what people wrote."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation

from gnomon.certification import pages
from gnomon.certification.catalogue import catalogue
from gnomon.certification.queries import declared_checks
from gnomon.standard.plugs import EvidenceCheck, Finding, Question

DOCS = Path(__file__).resolve().parents[2] / "docs" / "clauses"


def every_incident_counts(_question: Question) -> Finding:
    return Finding(())


CHECK = EvidenceCheck("8.6.1-b", "It holds", every_incident_counts, version=2)


def test_the_committed_pages_are_current() -> None:
    assert pages.stale(DOCS, declared_checks()) == [], "Run: python -m gnomon.certification.pages docs/clauses"


def test_every_requirement_stands_on_one_page_in_both_languages() -> None:
    made = pages.pages({})
    for requirement in catalogue().requirements:
        lines = [text for text in made.values() if f"**{requirement.id}** {requirement.text.en}" in text]
        assert len(lines) == 1
        assert requirement.text.zh in lines[0]


def test_a_rule_names_its_check_or_says_that_there_is_none() -> None:
    page = pages.pages({CHECK.name: CHECK})["8.6.md"]
    assert f"Check: `{__name__}.every_incident_counts`, version 2." in page
    assert page.count("*Not checked yet.*") == sum(name.startswith("8.6.") for name in catalogue().rules) - 1
    # 35 requirements of 8.6 with 45 rules, of which one has a check here
    assert "| 35 | 45 | 1 |" in pages.pages({CHECK.name: CHECK})["README.md"]


def test_what_people_wrote_stays(tmp_path: Path) -> None:
    (tmp_path / "8.6.md").write_text("# 8.6\n\nWhere incidents live.\n", encoding="utf-8")
    assert "8.6.md" in pages.write(tmp_path, {})
    with (tmp_path / "8.6.md").open("a", encoding="utf-8") as page:
        page.write("\nWritten below.\n")

    assert pages.write(tmp_path, {CHECK.name: CHECK}) == ["8.6.md", "README.md", "coverage.md"]
    text = (tmp_path / "8.6.md").read_text(encoding="utf-8")
    assert text.startswith("# 8.6\n\nWhere incidents live.\n")
    assert text.endswith("\nWritten below.\n")
    assert pages.stale(tmp_path, {CHECK.name: CHECK}) == []


def test_pages_do_not_change_with_the_language_of_whoever_makes_them() -> None:
    with translation.override("en"):
        english = pages.pages({CHECK.name: CHECK})
    with translation.override("zh-hans"):
        assert pages.pages({CHECK.name: CHECK}) == english
