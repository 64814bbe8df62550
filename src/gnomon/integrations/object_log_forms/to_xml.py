"""OCEL 2.0 as XML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gnomon.records.imports.object_logs.staged import EVENT, OBJECT, Staged, Tie, Type

AT_ONCE = 500
# XML has no way to say these, not even escaped.
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAID: Mapping[int, str] = str.maketrans({
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;",
    # Written as they are, they would come back as blanks or as the end of a line.
    "\t": "&#9;", "\n": "&#10;", "\r": "&#13;",
})  # fmt: skip


def to_xml(staged: Staged) -> Iterator[bytes]:
    """The log in pieces: types, objects, events."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<log>\n'
    yield _types("object-type", staged.types(OBJECT))
    yield _types("event-type", staged.types(EVENT))
    yield b"<objects>\n"
    yield from _joined(
        f'<object id="{_said(one.id)}" type="{_said(one.type)}"><attributes>'
        + "".join(
            f'<attribute name="{_said(name)}" time="{_said(time)}">{_said(value)}</attribute>'
            for name, time, value in one.states
        )
        + f"</attributes>{_ties(one.ties)}</object>\n"
        for one in staged.objects()
    )
    yield b"</objects>\n<events>\n"
    yield from _joined(
        f'<event id="{_said(one.id)}" type="{_said(one.type)}" time="{_said(one.time)}"><attributes>'
        + "".join(f'<attribute name="{_said(name)}">{_said(value)}</attribute>' for name, value in one.told.items())
        + f"</attributes>{_ties(one.ties)}</event>\n"
        for one in staged.events()
    )
    yield b"</events>\n</log>\n"


def _types(tag: str, types: Sequence[Type]) -> bytes:
    told = "".join(
        f'<{tag} name="{_said(one.name)}"><attributes>'
        + "".join(f'<attribute name="{_said(name)}" type="{sort}"/>' for name, sort in one.attributes.items())
        + f"</attributes></{tag}>\n"
        for one in types
    )
    return f"<{tag}s>\n{told}</{tag}s>\n".encode()


def _ties(ties: Sequence[Tie]) -> str:
    told = (f'<relationship object-id="{_said(other)}" qualifier="{_said(qualifier)}"/>' for other, qualifier in ties)
    return f"<objects>{''.join(told)}</objects>"


def _said(text: str) -> str:
    return _UNSAYABLE.sub("\ufffd", text).translate(_SAID)


def _joined(told: Iterable[str]) -> Iterator[bytes]:
    some: list[str] = []
    for one in told:
        some.append(one)
        if len(some) == AT_ONCE:
            yield "".join(some).encode()
            some = []
    yield "".join(some).encode()
