"""Service hours as people write them, a line for each rule; the plain data of `gnomon.calendars` and back.

time zone Asia/Shanghai
mon-fri 09:00-12:00 13:00-18:00
holidays CN 2007-2026
closed 2026-10-01..2026-10-08
open 2026-10-10
open 2026-10-11 10:00-14:00
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from gnomon.calendars.hours import WEEKDAYS

_CHINESE = dict(zip("一二三四五六日", WEEKDAYS, strict=True)) | {"天": "sun"}
_HOURS = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?)\s*[-–~]\s*(\d{1,2}:\d{2}(?::\d{2})?)")
_DAY = timedelta(days=1)


class HoursRefused(ValueError):
    """A line that says nothing we understand; its text is a sentence."""


def written(definition: Mapping[str, Any], since: str = "") -> str:
    """The lines that say what a calendar's plain data says; days before `since` are only counted."""
    lines = [f"time zone {definition['time_zone']}"]
    lines += [f"{days} {_spans(pairs)}" for days, pairs in _weekly(definition.get("week") or {})]
    if definition.get("holidays"):
        lines.append(f"holidays {definition['holidays']} {_years(definition.get('known_years') or [])}".rstrip())
    closed, opened = definition.get("closed") or (), definition.get("open") or {}
    lines += [f"closed {days}" for days in _ranges(day for day in closed if day >= since)]
    lines += [f"open {day} {_spans(pairs or ())}".rstrip() for day, pairs in sorted(opened.items()) if day >= since]
    if earlier := sum(day < since for day in (*closed, *opened)):
        lines.append(_("# and %(n)d days before %(since)s") % {"n": earlier, "since": since})
    return "\n".join(lines)


def read(text: str) -> dict[str, Any]:
    """A calendar's plain data from lines; HoursRefused names the line that is not understood."""
    told: dict[str, Any] = {
        "time_zone": "",
        "week": {},
        "closed": [],
        "open": {},
        "holidays": None,
        "known_years": None,
    }
    for at, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].strip()
        if words and not _understood(words, told):
            raise HoursRefused(
                _("Line %(line)d: “%(text)s” is not understood. Write it as one of: %(examples)s.")
                % {
                    "line": at,
                    "text": words[:80],
                    "examples": "time zone Asia/Shanghai · mon-fri 09:00-18:00 · holidays CN 2026 · "
                    "closed 2026-10-01..2026-10-08 · open 2026-10-10 09:00-12:00",
                }
            )
    if not told["time_zone"]:
        raise HoursRefused(_("Say in which time zone these hours are, as: time zone Asia/Shanghai."))
    told["closed"] = sorted(set(told["closed"]))
    return told


def _understood(words: str, told: dict[str, Any]) -> bool:
    head, _space, rest = words.partition(" ")
    head, rest = head.lower(), rest.strip()
    if head == "time" and rest.lower().startswith("zone "):
        told["time_zone"] = rest[5:].strip()
        return True
    if head == "holidays":
        country, _space, years = rest.partition(" ")
        told["holidays"], told["known_years"] = country, _years_of(years)
        return bool(country) and told["known_years"] is not None
    if head in {"closed", "open"}:
        return _dated(head, rest, told)
    days, pairs = _days_of(head), _pairs_of(rest)
    if not days or not pairs:
        return False
    told["week"] |= dict.fromkeys(days, pairs)
    return True


def _dated(head: str, rest: str, told: dict[str, Any]) -> bool:
    when, _space, hours = rest.partition(" ")
    first, _dots, last = when.partition("..")
    try:
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return False
    pairs = _pairs_of(hours)
    if end < day or (end - day).days > 366 or pairs is None or (head == "closed" and hours):
        return False
    while day <= end:
        if head == "closed":
            told["closed"].append(day.isoformat())
        else:
            told["open"][day.isoformat()] = pairs or None
        day += _DAY
    return True


def _days_of(text: str) -> list[str]:
    """mon-fri, sat,sun or 周一至周五 as names of days; empty when it is none of these."""
    days: list[str] = []
    for part in re.split(r"[,，、]", text):
        ends = [_day_of(end) for end in re.split(r"[-–至到]", part)]
        if not all(ends) or len(ends) > 2:
            return []
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        if last < first:
            return []
        days += WEEKDAYS[first : last + 1]
    return days


def _day_of(text: str) -> str:
    text = text.strip()
    if text[:1] in {"周", "星"}:
        return _CHINESE.get(text[-1], "")
    return text[:3] if text[:3] in WEEKDAYS else ""


def _pairs_of(text: str) -> list[list[str]] | None:
    """09:00-12:00 13:00-18:00 as pairs; None when anything else stands there."""
    if _HOURS.sub(" ", text).strip(" ,，、"):
        return None
    return [[start.rjust(5, "0"), end.rjust(5, "0")] for start, end in _HOURS.findall(text)]


def _years_of(text: str) -> list[int] | None:
    years: list[int] = []
    for part in re.split(r"[,\s]+", text.strip()) if text.strip() else ():
        ends = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", part)
        if ends is None:
            return None
        years += range(int(ends[1]), int(ends[2] or ends[1]) + 1)
    return years


def _weekly(week: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Neighbouring days with the same hours together: mon-fri."""
    at = 0
    while at < len(WEEKDAYS):
        pairs = week.get(WEEKDAYS[at]) or []
        end = at
        while end + 1 < len(WEEKDAYS) and (week.get(WEEKDAYS[end + 1]) or []) == pairs:
            end += 1
        if pairs:
            yield (WEEKDAYS[at] if at == end else f"{WEEKDAYS[at]}-{WEEKDAYS[end]}"), pairs
        at = end + 1


def _spans(pairs: Iterable[Iterable[str]]) -> str:
    return " ".join("-".join(pair) for pair in pairs)


def _ranges(texts: Iterable[str]) -> list[str]:
    """Days that follow each other as one range."""
    days = sorted(date.fromisoformat(text) for text in texts)
    starts = [at for at in range(len(days)) if at == 0 or days[at] - days[at - 1] != _DAY]
    return [_range(days[a], days[b - 1]) for a, b in pairwise([*starts, len(days)])]


def _years(years: Iterable[int]) -> str:
    known = sorted(set(years))
    starts = [at for at in range(len(known)) if at == 0 or known[at] - known[at - 1] != 1]
    return " ".join(
        str(known[a]) if known[a] == known[b - 1] else f"{known[a]}-{known[b - 1]}"
        for a, b in pairwise([*starts, len(known)])
    )


def _range(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"
