"""What calendars refuse, in sentences.

CalendarFault          a ValueError that ends in a full stop
├── CalendarRefused    a definition that cannot be used; `place` names where
├── FeedRefused        an iCalendar feed that cannot be read; `line` names where
├── NeverOpens         no open time is left, so the asked amount never passes
└── OutOfReach         a moment or a length that calendars do not answer for
"""

from __future__ import annotations


class CalendarFault(ValueError):
    """A refusal whose sentence is `template % facts`, so that a caller can translate the template."""

    def __init__(self, template: str, **facts: object) -> None:
        super().__init__(template % facts)
        self.template = template
        self.facts = facts


class CalendarRefused(CalendarFault):
    """A calendar definition that cannot be used."""

    def __init__(self, template: str, *, place: str, **facts: object) -> None:
        super().__init__(template, place=place, **facts)
        self.place = place


class FeedRefused(CalendarFault):
    """An iCalendar feed that cannot be read."""

    def __init__(self, template: str, *, line: int, **facts: object) -> None:
        super().__init__(template, line=line, **facts)
        self.line = line


class NeverOpens(CalendarFault):
    """A calendar without open time after some moment: waiting for it would last for ever."""


class OutOfReach(CalendarFault):
    """A question outside the years or lengths that calendars answer for."""
