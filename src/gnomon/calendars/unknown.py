"""Years whose official holidays a calendar does not hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class UnknownYears:
    """A warning that reads as a sentence; `template % facts` for those who translate it."""

    years: tuple[int, ...]
    calendar: str = ""

    template: ClassVar[str] = (
        "The official holidays of %(years)s are not in this calendar: its weekly hours are used as they are."
        " Add them once they are announced."
    )

    @property
    def facts(self) -> dict[str, str]:
        return {"years": ", ".join(map(str, self.years)), "calendar": self.calendar}

    def __str__(self) -> str:
        return self.template % self.facts
