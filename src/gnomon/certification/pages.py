"""A page for each clause group: its requirements in our words, how each is proved, and by which check.

`python -m gnomon.certification.pages docs/clauses` brings the generated parts up to date; what people
wrote outside the markers stays.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from gnomon.certification.catalogue import Catalogue, Clause, EvidenceRule, Requirement, catalogue, semantics
from gnomon.standard.plugs import EvidenceCheck

BEGIN = "<!-- generated from the catalogue and the checks: python -m gnomon.certification.pages docs/clauses -->"
END = "<!-- end of the generated part -->"
INDEX = "README.md"
COVERAGE = "coverage.md"
HEADINGS = {
    "README": "The clauses of the standard · 标准条款",
    "coverage": "What is decided by the records already, and what the rest waits for · 已由记录判定的与尚待的",
}
LEVELS = {
    "automatic": "decided by the records",
    "assisted": "records, then a person's judgement",
    "attested": "records, then a person's attestation",
}


def pages(checks: Mapping[str, EvidenceCheck], book: Catalogue | None = None) -> dict[str, str]:
    """File name → generated part, for every clause group and for the index."""
    book = book or catalogue()
    groups: dict[str, list[Clause]] = {}
    for clause in book.clauses:
        groups.setdefault(group_of(clause.id), []).append(clause)
    made = {f"{group}.md": "\n".join(_group(clauses, book, checks)) for group, clauses in groups.items()}
    made[INDEX] = "\n".join(_index(groups, book, checks))
    made[COVERAGE] = "\n".join(_coverage(book, checks))
    return made


def group_of(clause: str) -> str:
    """The page on which a clause stands: clause 8 has one for each of its groups, the others one each."""
    parts = clause.split(".")
    return ".".join(parts[:2]) if parts[0] == "8" else parts[0]


def renewed(present: str, generated: str, heading: str) -> str:
    """A page with its generated part replaced; a page without one gets it at the end."""
    part = f"{BEGIN}\n\n{generated}\n{END}\n"
    before, begun, rest = present.partition(BEGIN)
    if not begun:
        start = present.rstrip() or f"# {heading}"
        return f"{start}\n\n{part}"
    _old, _end, after = rest.partition(f"{END}\n")
    return f"{before}{part}{after}"


def write(folder: Path, checks: Mapping[str, EvidenceCheck]) -> list[str]:
    """Bring the pages in `folder` up to date; the names of those that changed."""
    changed = []
    for name, text in _renewed_pages(folder, checks):
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed


def stale(folder: Path, checks: Mapping[str, EvidenceCheck]) -> list[str]:
    """The pages in `folder` that are missing or say something else than the catalogue and the checks."""
    return [
        name
        for name, text in _renewed_pages(folder, checks)
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]


def _renewed_pages(folder: Path, checks: Mapping[str, EvidenceCheck]) -> Iterator[tuple[str, str]]:
    book = catalogue()
    for name, generated in pages(checks, book).items():
        present = (folder / name).read_text(encoding="utf-8") if (folder / name).exists() else ""
        group = name.removesuffix(".md")
        title = book.titles.get(group)
        heading = f"{group} {title.en} · {title.zh}" if title else HEADINGS[group]
        yield name, renewed(present, generated, heading)


def _index(groups: Mapping[str, list[Clause]], book: Catalogue, checks: Mapping[str, EvidenceCheck]) -> Iterator[str]:
    yield "| clause | | requirements | rules | with a check |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for group, clauses in groups.items():
        requirements = [requirement for clause in clauses for requirement in clause.requirements]
        rules = [rule for requirement in requirements for rule in requirement.rules]
        checked = sum(rule.name in checks for rule in rules)
        title = book.titles[group]
        yield f"| [{group}]({group}.md) | {title.en} · {title.zh} | {len(requirements)} | {len(rules)} | {checked} |"
    every = len(book.rules)
    checked = sum(name in checks for name in book.rules)
    yield f"| | all | {len(book.requirements)} | {every} | {checked} |"
    yield ""


def _coverage(book: Catalogue, checks: Mapping[str, EvidenceCheck]) -> Iterator[str]:
    """Each requirement: who decides it, how many of its rules are checked, and the records that the others ask for."""
    whole = {name for name, check in checks.items() if not check.lacks}
    decided = sum(all(rule.name in whole for rule in each.rules if rule.decides) for each in book.requirements)
    yield f"Every deciding rule of {decided} of {len(book.requirements)} requirements is checked by the records."
    yield "Where a rule waits, its requirement is not proven, and the board says so."
    yield "A rule that is checked *in part* is broken by what fails of it, and not proven while the rest is lacking."
    yield ""
    yield "| requirement | decided by | rules checked | waits for records of |"
    yield "| --- | --- | ---: | --- |"
    for each in book.requirements:
        waiting = [rule.source for rule in each.rules if rule.name not in checks]
        kinds = [f"{book.sources[name].en} · {book.sources[name].zh}" for name in dict.fromkeys(waiting)]
        kinds += [str(check.lacks) for rule in each.rules if (check := checks.get(rule.name)) and check.lacks]
        checked = len(each.rules) - len(waiting)
        in_part = sum(rule.name in checks and rule.name not in whole for rule in each.rules)
        told = f"{checked} of {len(each.rules)}" + (f", {in_part} in part" if in_part else "")
        yield f"| {each.id} | {LEVELS[each.level]} | {told} | {', '.join(kinds) or '–'} |"
    yield ""


def _group(clauses: list[Clause], book: Catalogue, checks: Mapping[str, EvidenceCheck]) -> Iterator[str]:
    for clause in clauses:
        yield f"## {clause.id} {clause.title.en} · {clause.title.zh}"
        yield ""
        for requirement in clause.requirements:
            yield from _requirement(requirement, book, checks)


def _requirement(requirement: Requirement, book: Catalogue, checks: Mapping[str, EvidenceCheck]) -> Iterator[str]:
    yield f"**{requirement.id}** {requirement.text.en}<br>{requirement.text.zh}<br>"
    traits = [requirement.ref, LEVELS[requirement.level]]
    if requirement.documented:
        traits.append("asks for documented information")
    if requirement.basis:
        traits.append({"amendment": "added by the amendment"}.get(requirement.basis, f"{requirement.basis} only"))
    yield f"*{'; '.join(traits)}*"
    yield ""
    for rule in requirement.rules:
        yield from _rule(rule, book, checks.get(rule.name))
    yield ""


def _rule(rule: EvidenceRule, book: Catalogue, check: EvidenceCheck | None) -> Iterator[str]:
    window = semantics().label("window", rule.window).en.lower()
    supporting = "" if rule.decides else ", supporting"
    source = book.sources[rule.source].en
    yield f"{rule.position}. {source}, {window}, {rule.threshold}{supporting}: {rule.says.en}.<br>"
    yield f"   {rule.says.zh}。<br>"
    if check is None:
        yield "   *Not checked yet.*"
    else:
        run = check.run
        lacking = f" In part; not kept here: {check.lacks}." if check.lacks else ""
        yield f"   Check: `{run.__module__}.{getattr(run, '__qualname__', '')}`, version {check.version}.{lacking}"


def main(folder: str) -> None:
    """Bring the pages up to date and say which changed."""
    import django

    django.setup()
    from django.utils import translation

    from gnomon.certification.queries.live import declared_checks

    with translation.override("en"):
        changed = write(Path(folder), declared_checks())
    sys.stdout.write(f"Changed: {', '.join(changed)}.\n" if changed else "All pages were up to date.\n")


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
    main(sys.argv[1] if len(sys.argv) > 1 else "docs/clauses")
