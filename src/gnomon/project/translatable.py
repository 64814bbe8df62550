"""Find every text that people see: in Python by its syntax tree, in templates by their tags."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Function → places of context, text and plural among its arguments.
_CALLS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
    # Calendars know no Django: they give the text to their callers, who translate it.
    "CalendarRefused": (None, 0, None),
    "FeedRefused": (None, 0, None),
    "NeverOpens": (None, 0, None),
    "OutOfReach": (None, 0, None),
}

_TAG = re.compile(r"({%.*?%}|{{.*?}}|{#.*?#})", re.DOTALL)
_QUOTED = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""
_INLINE = re.compile(
    rf"""{{%\s*(?:trans|translate)\s+{_QUOTED}(?:\s+(?:noop|as\s+\w+))*(?:.*?\bcontext\s+{_QUOTED})?"""
)
_ARGUMENT = re.compile(rf"""(?<![\w.])_\({_QUOTED}\)""")
_BLOCK = re.compile(r"{%\s*(?:blocktrans|blocktranslate)\b(.*?)%}", re.DOTALL)
_BLOCK_END = re.compile(r"{%\s*end(?:blocktrans|blocktranslate)\s*%}")
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_CONTEXT = re.compile(rf"\bcontext\s+{_QUOTED}")
_COMMENT = re.compile(r"{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """A text to translate: what it says, in which context, and where it stands first."""

    says: str
    context: str = ""
    plural: str = ""
    place: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.says


def texts_in(root: Path) -> list[Text]:
    """All texts of the Python files and templates under a folder, each once."""
    found: dict[tuple[str, str], Text] = {}
    for path in sorted(root.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            texts = in_python(path.read_text(encoding="utf-8"), str(path.relative_to(root)))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            texts = in_template(path.read_text(encoding="utf-8"), str(path.relative_to(root)))
        else:
            continue
        for text in texts:
            found.setdefault(text.key, text)
    return list(found.values())


def in_python(source: str, place: str = "") -> Iterator[Text]:
    """The texts that gettext functions are called with; those made at run time cannot be found."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _CALLS:
            continue
        context, text, plural = (_literal(node, at) for at in _CALLS[name])
        if text:
            yield Text(text, context, plural, f"{place}:{node.lineno}")


def _literal(call: ast.Call, at: int | None) -> str:
    if at is None or at >= len(call.args):
        return ""
    argument = call.args[at]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def in_template(source: str, place: str = "") -> Iterator[Text]:
    """The texts of translate and blocktranslate tags and of `_("…")` arguments, as Django looks them up."""
    source = _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), source)
    parts = _TAG.split(source)
    at, line = 0, 1
    while at < len(parts):
        part, here = parts[at], f"{place}:{line}"
        line += part.count("\n")
        at += 1
        if block := _BLOCK.fullmatch(part):
            inner = []
            while at < len(parts) and not _BLOCK_END.fullmatch(parts[at]):
                inner.append(parts[at])
                line += parts[at].count("\n")
                at += 1
            yield _of_block(block[1], inner, here)
        elif inline := _INLINE.match(part):
            text, context = _first(inline[1], inline[2]), _first(inline[3], inline[4])
            # Django doubles the percent sign of a text in a tag before it looks the text up.
            yield Text(text.replace("%", "%%"), context, "", here)
        elif part.startswith(("{%", "{{")):
            for argument in _ARGUMENT.finditer(part):
                yield Text(_first(argument[1], argument[2]).replace("%", "%%"), "", "", here)


def _of_block(options: str, inner: list[str], place: str) -> Text:
    context = _CONTEXT.search(options)
    trimmed = re.search(r"\btrimmed\b", options) is not None
    cut = next((at for at, part in enumerate(inner) if _PLURAL.fullmatch(part)), len(inner))
    singular, plural = (_said(some, trimmed) for some in (inner[:cut], inner[cut + 1 :]))
    return Text(singular, _first(context[1], context[2]) if context else "", plural, place)


def _said(parts: list[str], trimmed: bool) -> str:
    said = ""
    for part in parts:
        if part.startswith("{{"):
            said += f"%({part[2:-2].strip()})s"
        elif not part.startswith("{#"):
            said += part.replace("%", "%%")
    return " ".join(line.strip() for line in said.strip().splitlines()) if trimmed else said


def _first(*texts: str | None) -> str:
    found = next((text for text in texts if text is not None), "")
    return re.sub(r"\\(.)", r"\1", found)
