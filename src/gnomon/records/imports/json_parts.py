"""The elements of the arrays at the top of a large JSON text, one at a time; nothing that was read is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

PIECE = 1024 * 1024
LONGEST = 64 * 1024 * 1024
BLANK = " \t\r\n"


class BrokenJson(ValueError):
    """The text is no JSON; says where, in characters from its beginning."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def parts_of(file: TextIO) -> Iterator[tuple[str, Any]]:
    """Each element of each array of the object at the top, under the array's key; other values are passed by."""
    yield from _Reader(file).parts()


class _Reader:
    """A window on the text, that grows only as far as one element is long."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.window, self.at, self.gone, self.ended = file, "", 0, 0, False
        self.decoder = json.JSONDecoder()

    def parts(self) -> Iterator[tuple[str, Any]]:
        self._expect("{")
        if self._next() == "}":
            return
        while True:
            key = self._value()
            if not isinstance(key, str):
                raise self._broken()
            self._expect(":")
            if self._next() == "[":
                self.at += 1
                yield from ((key, element) for element in self._elements())
            else:
                self._value()
            if self._expect(",}") == "}":
                return

    def _elements(self) -> Iterator[Any]:
        if self._next() == "]":
            self.at += 1
            return
        while True:
            yield self._value()
            if self._expect(",]") == "]":
                return

    def _value(self) -> Any:
        """The value that begins here; one that the window cuts off is read on until it is whole."""
        self._next()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.window, self.at)
            except (ValueError, RecursionError):
                if not self._grow():
                    raise self._broken() from None
                continue
            # A number at the end of the window may go on behind it.
            if end < len(self.window) or not self._grow():
                self.at = end
                return value

    def _next(self) -> str:
        """The next sign that is no blank."""
        while True:
            while self.at < len(self.window) and self.window[self.at] in BLANK:
                self.at += 1
            if self.at < len(self.window):
                return self.window[self.at]
            if not self._grow():
                raise self._broken()

    def _expect(self, signs: str) -> str:
        found = self._next()
        if found not in signs:
            raise self._broken()
        self.at += 1
        return found

    def _grow(self) -> bool:
        if self.ended or len(self.window) - self.at > LONGEST:
            return False
        # As much again as there is, so that a long element is not tried at every piece.
        piece = self.file.read(max(PIECE, len(self.window) - self.at))
        self.ended = not piece
        self.gone += self.at
        self.window, self.at = self.window[self.at :] + piece, 0
        return not self.ended

    def _broken(self) -> BrokenJson:
        return BrokenJson(self.gone + self.at)
