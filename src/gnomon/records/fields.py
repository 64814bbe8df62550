"""Fields that records are made of."""

from __future__ import annotations

from django.db import models

from gnomon.jobs.moments import MomentField
from gnomon.ui.values import Who

__all__ = ["ActorField", "MomentField"]


class ActorField(models.CharField):  # type: ignore[type-arg]
    """Whoever did something: the number of a person, or a name that came along from elsewhere."""

    def in_words(self, actor: str) -> Who:
        from gnomon.records.queries.people import names_of

        return Who(names_of([actor])[actor], actor)
