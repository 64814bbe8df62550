"""OCEL 2.0 as XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gnomon.integrations.xml_words import in_xml
from gnomon.records.imports.object_logs.staged import EVENT, OBJECT, Staged, Tie, Type

AT_ONCE = 500


def to_xml(staged: Staged) -> Iterator[bytes]:
    """The log in pieces: types, objects, events."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<log>\n'
    yield _types("object-type", staged.types(OBJECT))
    yield _types("event-type", staged.types(EVENT))
    yield b"<objects>\n"
    yield from _joined(
        f'<object id="{in_xml(one.id)}" type="{in_xml(one.type)}"><attributes>'
        + "".join(
            f'<attribute name="{in_xml(name)}" time="{in_xml(time)}">{in_xml(value)}</attribute>'
            for name, time, value in one.states
        )
        + f"</attributes>{_ties(one.ties)}</object>\n"
        for one in staged.objects()
    )
    yield b"</objects>\n<events>\n"
    yield from _joined(
        f'<event id="{in_xml(one.id)}" type="{in_xml(one.type)}" time="{in_xml(one.time)}"><attributes>'
        + "".join(f'<attribute name="{in_xml(name)}">{in_xml(value)}</attribute>' for name, value in one.told.items())
        + f"</attributes>{_ties(one.ties)}</event>\n"
        for one in staged.events()
    )
    yield b"</events>\n</log>\n"


def _types(tag: str, types: Sequence[Type]) -> bytes:
    told = "".join(
        f'<{tag} name="{in_xml(one.name)}"><attributes>'
        + "".join(f'<attribute name="{in_xml(name)}" type="{sort}"/>' for name, sort in one.attributes.items())
        + f"</attributes></{tag}>\n"
        for one in types
    )
    return f"<{tag}s>\n{told}</{tag}s>\n".encode()


def _ties(ties: Sequence[Tie]) -> str:
    told = (f'<relationship object-id="{in_xml(other)}" qualifier="{in_xml(qualifier)}"/>' for other, qualifier in ties)
    return f"<objects>{''.join(told)}</objects>"


def _joined(told: Iterable[str]) -> Iterator[bytes]:
    some: list[str] = []
    for one in told:
        some.append(one)
        if len(some) == AT_ONCE:
            yield "".join(some).encode()
            some = []
    yield "".join(some).encode()
