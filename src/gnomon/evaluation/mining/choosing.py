"""What a page of process mining looks at: the kind, the side, the period and the part of the records.

Needs nothing of the extra, so that its form stands even where nothing can be counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max, Min
from django.http import Http404
from django.utils.translation import gettext as _

from gnomon.evaluation.choices import NARROWED_BY, Choice, choice
from gnomon.jobs.moments import written
from gnomon.organization.roles import STAFF
from gnomon.records.kinds import Kind, kind_named, kinds
from gnomon.records.permissions import may
from gnomon.records.showing import field_named
from gnomon.standard.plugs import Actor

USUAL_KIND = "incident"
# With fewer states there is no way that could differ from another.
FEWEST_STATES = 3
ACTIVITIES, PATHS = 100, 90


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for, made sense of. `parameters` are those of the list that shows the same records."""

    kind: Kind
    perspective: str
    choice: Choice
    parameters: Mapping[str, Sequence[str]]
    newest: datetime | None
    activities: int = ACTIVITIES
    paths: int = PATHS


def mineable(person: Actor) -> list[Kind]:
    """The kinds whose course this person may look at: what staff may read as a whole."""
    if set(STAFF).isdisjoint(person.roles):
        return []
    return [kind for kind in kinds() if len(kind.workflow.states) >= FEWEST_STATES and may(person, "read", kind)]


def kind_asked(person: Actor, name: str) -> Kind:
    """The kind of that name; Http404 when there is none that the person may look at."""
    known = {kind.name: kind for kind in mineable(person)}
    found = known.get(name or USUAL_KIND) or (None if name else next(iter(known.values()), None))
    if found is None:
        raise Http404(_("There is no such page."))
    return found


def chosen(person: Actor, asked: Mapping[str, str], now: datetime | None = None) -> Chosen:
    """What the parameters of an address ask for."""
    kind = kind_asked(person, asked.get("kind", ""))
    moment = moment_field(kind)
    ends = kind.model.objects.aggregate(first=Min(moment), newest=Max(moment))
    known = {name: asked[name] for name in ("period", "from", "to") if name in asked}
    known |= {name: asked[name] for name in narrowed_by(kind) if asked.get(name)}
    found = choice(known, first=ends["first"], newest=ends["newest"], now=now or datetime.now(UTC))
    parameters = {
        **({} if found.name == "all" else {
            f"{moment}.from": [written(found.period.start)], f"{moment}.to": [written(found.period.end)],
        }),
        **found.within,
    }  # fmt: skip
    return Chosen(
        kind, asked.get("by", "") or "states", found, parameters, ends["newest"],
        percent(asked.get("activities", ""), ACTIVITIES), percent(asked.get("paths", ""), PATHS),
    )  # fmt: skip


def moment_field(kind: Kind) -> str:
    """The moment by which a record belongs to a period."""
    return "opened_at" if has_field(kind, "opened_at") else "recorded_at"


def narrowed_by(kind: Kind) -> list[str]:
    """Service, team and priority, as far as the records of the kind have them."""
    return [name for name in NARROWED_BY if has_field(kind, name)]


def has_field(kind: Kind, name: str) -> bool:
    """Whether the records of a kind have a field."""
    try:
        field_named(kind, name)
    except LookupError:
        return False
    return True


def percent(text: str, usual: int) -> int:
    """A number from 0 to 100; the usual one for anything else."""
    return int(text) if text.isascii() and text.isdigit() and int(text) <= 100 else usual


def people_choices(kind: Kind, name: str) -> list[tuple[str, Any]]:
    """What a field can be narrowed to."""
    field: Any = field_named(kind, name)
    if field.choices:
        return [(str(value), title) for value, title in field.flatchoices]
    related: Any = kind_named(name).model
    return list(related.objects.order_by("title").values_list("number", "title")[:500])
