"""`python -m gnomon.project.translations`: compile the catalogues of all apps, and say what they lack."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gnomon.project.translatable import Text, texts_in

SOURCE = Path(__file__).resolve().parents[1]
CHINESE = "zh_Hans"
_PLACEHOLDER = re.compile(r"%\(\w+\)[srdif]|%[srdif%]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of a catalogue with its translation; `plural` texts have one for each form of the language."""

    text: str
    context: str
    said: tuple[str, ...]
    plural: str
    fuzzy: bool
    place: str

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text

    @property
    def is_done(self) -> bool:
        return not self.fuzzy and all(self.said)


def catalogues(language: str = "*") -> list[Path]:
    """The .po files of our apps."""
    return sorted(SOURCE.glob(f"*/locale/{language}/LC_MESSAGES/django.po"))


def entries(path: Path) -> list[Entry]:
    """The entries of a .po file, obsolete ones left out."""
    found = []
    for message in _read(path):
        if not message.id:
            continue
        several = isinstance(message.id, tuple | list)
        text, plural = (message.id[0], message.id[1]) if several else (message.id, "")
        said = tuple(message.string) if several else (message.string,)
        place = f"{path.parents[3].name}/{path.name}:{message.lineno}"
        found.append(Entry(text, message.context or "", said, plural, message.fuzzy, place))
    return found


def compile_all() -> list[Path]:
    """Write the .mo file beside each .po file whose text is newer; answers those written."""
    from babel.messages.mofile import write_mo

    written = []
    for path in catalogues():
        made = path.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= path.stat().st_mtime:
            continue
        unfinished = made.with_suffix(f".mo.{id(path)}")
        with unfinished.open("wb") as file:
            write_mo(file, _read(path))
        # A server that starts meanwhile must not read half a catalogue.
        unfinished.replace(made)
        written.append(made)
    return written


def unfinished() -> list[str]:
    """Entries that are empty or fuzzy, or whose placeholders differ from those of the text."""
    found = []
    for path in catalogues():
        for entry in entries(path):
            if not entry.is_done:
                found.append(f"{entry.place}: “{entry.text}” is {'fuzzy' if entry.fuzzy else 'empty'}.")
            elif said := _strange(entry):
                found.append(f"{entry.place}: “{entry.text}” has other placeholders than “{said}”.")
    return found


def conflicts(language: str = CHINESE) -> list[str]:
    """Texts that two apps translate differently; Django would show whichever it read last."""
    seen: dict[tuple[str, str], Entry] = {}
    found = []
    for path in catalogues(language):
        for entry in entries(path):
            first = seen.setdefault(entry.key, entry)
            if first.said != entry.said:
                found.append(
                    f"{entry.place}: “{entry.text}” is “{entry.said[0]}”, but “{first.said[0]}” in {first.place}."
                )
    return found


def missing(root: Path = SOURCE) -> list[Text]:
    """Texts of code and templates that no app has translated into Chinese, nor Django itself."""
    done = {entry.key for path in catalogues(CHINESE) for entry in entries(path) if entry.is_done}
    return [text for text in texts_in(root) if text.key not in done | django_knows()]


@cache
def django_knows() -> frozenset[tuple[str, str]]:
    """Texts for which Django brings its own Chinese."""
    import django

    home = Path(django.__file__).parent
    paths = (home / "conf", home / "contrib" / "auth")
    found = (entries(path / "locale" / CHINESE / "LC_MESSAGES" / "django.po") for path in paths)
    return frozenset(entry.key for some in found for entry in some if entry.is_done)


def against_glossary(glossary: Mapping[str, Any], some: Sequence[Entry]) -> Iterator[str]:
    """Translations that leave the glossary, each as a sentence."""
    terms = {_singular(term["en"]): term for term in glossary["terms"]}
    for entry in some:
        said = " ".join(entry.said)
        term = terms.get(_singular(entry.text))
        if term is not None and not any(word in said for word in _words(term)):
            yield f"{entry.place}: “{entry.text}” is “{term['zh']}” in the glossary, not “{said}”."
        for word in glossary["words"]:
            if word["zh"] in said and not _is_meant(word, entry):
                yield f"{entry.place}: “{entry.text}” must not be “{said}”: {word['because']}"
        if entry.text[:1].isupper() or " " in entry.text:
            yield from _within(glossary, entry, said)


def _within(glossary: Mapping[str, Any], entry: Entry, said: str) -> Iterator[str]:
    """Terms that are unmistakable in a sentence are looked for there too, longer ones first."""
    left = entry.text.lower()
    for term in sorted((t for t in glossary["terms"] if t.get("within")), key=lambda term: -len(term["en"])):
        spoken = re.compile(rf"\b{re.escape(term['en'].lower())}s?\b")
        if spoken.search(left):
            left = spoken.sub(" ", left)
            if not any(word in said for word in _words(term)):
                yield f"{entry.place}: “{entry.text}” speaks of {term['en']} ({term['zh']}), but says “{said}”."


def _is_meant(word: Mapping[str, Any], entry: Entry) -> bool:
    spoken = f"{entry.text} {entry.plural} {entry.context}".lower()
    return any(re.search(rf"\b{re.escape(one)}", spoken) for one in word.get("only_for", ()))


def _words(term: Mapping[str, Any]) -> list[str]:
    return [term["zh"], *term.get("also", ())]


def _singular(text: str) -> str:
    text = text.strip().lower()
    return f"{text[:-3]}y" if text.endswith("ies") else text.removesuffix("s")


def _strange(entry: Entry) -> str:
    """The first translation whose placeholders are not those of the text; Chinese may leave out the number of one."""
    one, many = (set(_PLACEHOLDER.findall(text)) for text in (entry.text, entry.plural))
    for said in entry.said:
        found = set(_PLACEHOLDER.findall(said))
        if found - one - many or (not entry.plural and found != one):
            return said
    return ""


def _read(path: Path) -> Any:
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def glossary(path: Path = SOURCE.parents[1] / "docs" / "glossary.yaml") -> dict[str, Any]:
    """The words of the house in both languages."""
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def main() -> int:
    """Compile all; 1 when an entry is empty, fuzzy or contradicted."""
    written = compile_all()
    faults = unfinished() + conflicts()
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"Compiled {len(written)} of {len(catalogues())} catalogues; {len(missing())} texts have no Chinese yet.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
