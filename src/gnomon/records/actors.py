"""Who acts when no person does."""

from __future__ import annotations

from dataclasses import dataclass

from gnomon.standard.plugs import Actor


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The system itself: schedules, imports, first set-up. It may do everything."""

    number: str = "system"
    roles: tuple[str, ...] = ("system",)


SYSTEM = SystemActor()


def is_system(actor: Actor) -> bool:
    return "system" in actor.roles
