"""Read moments and days in the forms that files have them: patterns, ISO 8601, seconds since 1970."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

from django.utils.translation import gettext as _

from gnomon.jobs.moments import EPOCH, MILLISECOND
from gnomon.records.imports.refusals import MappingFault

Reader = Callable[[str], datetime | None]
# What a month or an hour may look like; `%d/%m/%Y` reads 5/3/2016 as well as 05/03/2016.
_PARTS = {"d": r"(\d{1,2})", "m": r"(\d{1,2})", "Y": r"(\d{4})", "H": r"(\d{1,2})", "M": r"(\d{2})", "S": r"(\d{2})"}
_ORDER = "YmdHMS"
_ORDERS = frozenset({"Ymd", "YmdHM", "YmdHMS"})
_DIRECTIVE = re.compile(r"%(.)")
_FRACTION = re.compile(r"([.,]\d{6})\d+")
_EPOCH = re.compile(r"-?\d{1,13}(?:\.\d+)?")
LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def milliseconds_reader(patterns: tuple[str, ...], zone: tzinfo) -> Callable[[str], int | None]:
    """A function from text to milliseconds since 1970, None when no pattern fits; texts without zone are in `zone`."""
    readers = [_reader(pattern, zone) for pattern in patterns]

    def read(text: str) -> int | None:
        for reader in readers:
            found = reader(text)
            if found is not None:
                try:
                    since = found - EPOCH
                except OverflowError:
                    return None
                return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000
        return None

    return read


def day_reader(patterns: tuple[str, ...], zone: tzinfo) -> Callable[[str], date | None]:
    """A function from text to the day it names, None when no pattern fits."""
    readers = [_reader(pattern, zone) for pattern in patterns]

    def read(text: str) -> date | None:
        for reader in readers:
            found = reader(text)
            if found is not None:
                return found.astimezone(zone).date()
        return None

    return read


def written(milliseconds: int) -> str:
    """RFC 3339 in UTC with milliseconds, as the ledger writes moments."""
    return (EPOCH + timedelta(milliseconds=milliseconds)).isoformat(timespec="milliseconds")[:-6] + "Z"


def _reader(pattern: str, zone: tzinfo) -> Reader:
    if pattern == "iso":
        return lambda text: _iso(text, zone)
    if pattern in {"epoch", "epoch_ms"}:
        unit = MILLISECOND if pattern == "epoch_ms" else timedelta(seconds=1)
        return lambda text: _since_epoch(text, unit)
    if "%" not in pattern:
        raise MappingFault(
            _("“%(pattern)s” is no date format. Use iso, epoch, epoch_ms or a pattern such as %%d/%%m/%%Y %%H:%%M.")
            % {"pattern": pattern}
        )
    directives = "".join(_DIRECTIVE.findall(pattern))
    if "".join(sorted(directives, key=_ORDER.find)) in _ORDERS:
        return _numeric(pattern, directives, zone)
    try:
        datetime.strptime(datetime(2026, 1, 5, 9, tzinfo=UTC).strftime(pattern), pattern)
    except ValueError as fault:
        raise MappingFault(
            _("“%(pattern)s” is no date format: %(why)s.") % {"pattern": pattern, "why": fault}
        ) from fault
    return lambda text: _strptime(text, pattern, zone)


def _numeric(pattern: str, directives: str, zone: tzinfo) -> Reader:
    """Patterns of numbers alone by an expression of their own: ten times as quick as strptime."""
    literals = _DIRECTIVE.split(pattern)[::2]
    written_so = [re.escape(literals[0])]
    for directive, literal in zip(directives, literals[1:], strict=True):
        written_so += [_PARTS[directive], re.escape(literal)]
    fullmatch = re.compile("".join(written_so), re.ASCII).fullmatch
    order = [directives.index(part) for part in _ORDER[: len(directives)]]

    def read(text: str) -> datetime | None:
        match = fullmatch(text)
        if match is None:
            return None
        numbers = [int(part) for part in match.groups()]
        try:
            return datetime(*[numbers[at] for at in order], tzinfo=zone)  # type: ignore[misc,arg-type]  # at most six
        except ValueError:
            return None

    return read


def _iso(text: str, zone: tzinfo) -> datetime | None:
    if not text[:4].isdigit():  # spares most other forms an exception
        return None
    try:
        found = datetime.fromisoformat(_FRACTION.sub(r"\1", text))
    except ValueError:
        return None
    return found.replace(tzinfo=zone) if found.tzinfo is None else found


def _strptime(text: str, pattern: str, zone: tzinfo) -> datetime | None:
    try:
        found = datetime.strptime(text, pattern)
    except ValueError:
        return None
    return found.replace(tzinfo=zone) if found.tzinfo is None else found


def _since_epoch(text: str, unit: timedelta) -> datetime | None:
    if _EPOCH.fullmatch(text) is None:
        return None
    try:
        found = EPOCH + float(text) * unit
    except OverflowError:
        return None
    return found if found < LATEST else None
