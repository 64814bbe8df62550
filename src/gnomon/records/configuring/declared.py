"""What belongs to the configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gnomon.records.kinds import Kind, kind_named
from gnomon.standard.collect import collect
from gnomon.standard.plugs import Says


@dataclass(frozen=True, slots=True)
class Configured:
    """A kind whose records are configuration: they travel in the configuration file.

    Declared in `<app>/configuration.py`. `key` are the facts that tell one such record from another in any
    installation, where numbers differ; `fields` what else the file says of it. `says` tells readers of the file
    what the section is, in English and in Chinese. Sections come by `order`, so that what is referred to comes
    before what refers to it. `standing` are the statuses that are told and taken over; a record in another
    stays at home. `told` narrows the facts of a record to what the file says, `same` finds the record that
    already is what the file says where a key does not suffice. With `by_others` a record of the file waits in
    its first status: somebody has to decide it here. `forget` drops what processes remember of such records,
    after a plan was tried and taken back.
    """

    kind: str
    key: tuple[str, ...]
    fields: tuple[str, ...]
    says: tuple[str, str]
    order: int = 100
    standing: tuple[str, ...] = ()
    told: Callable[[str, Any], Any] | None = None
    same: Callable[[Mapping[str, Any]], Any] | None = None
    by_others: bool = False
    forget: Callable[[], None] | None = None

    @property
    def of(self) -> Kind:
        return kind_named(self.kind)

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that an item of the file may say."""
        return (*self.key, *self.fields, "status")

    @property
    def title(self) -> Says:
        return self.of.plural


def sections() -> tuple[Configured, ...]:
    """All that is configuration, in the order of the file."""
    return tuple(sorted(collect("configuration", Configured), key=lambda one: (one.order, one.kind)))


def section_of(name: str) -> Configured | None:
    """The section of this name."""
    return next((one for one in sections() if one.kind == name), None)
