"""What lists of every kind offer by REST beside listing: one wish for many records."""

from typing import Any

from django.utils.translation import gettext as _
from pydantic import Field

from gnomon.records.actions import bulk
from gnomon.records.actions.bulk import Outcome, Wish
from gnomon.records.endpoints import EVERY_KIND, Call, Endpoint, Given
from gnomon.records.kinds import Kind
from gnomon.records.plain import facts_from_plain
from gnomon.records.refusals import InvalidFacts


class BulkGiven(Given):
    """What to do, to which records: those of `numbers`, or all that a list with the filters of `where` holds."""

    move: str = ""
    numbers: list[str] = Field(default=[])
    where: dict[str, list[str]] = Field(default={})
    facts: dict[str, Any] = Field(default={})
    because: str = ""
    seen: dict[str, int] = Field(default={})
    dry_run: bool = False


def wish_of(kind: Kind, person: Any, move: str, facts: dict[str, Any], because: str) -> Wish:
    """A wish from plain data; InvalidFacts when there is no such move, or nothing to change."""
    allowed: tuple[str, ...] = ()
    if move:
        try:
            step = kind.workflow.move(move)
        except LookupError:
            known = ", ".join(one.name for one in kind.workflow.moves)
            says = _("There is no move “%(move)s”. Moves: %(known)s.") % {"move": move[:80], "known": known}
            raise InvalidFacts(says, {"move": says}) from None
        allowed = (*step.needs, *step.asks)
    elif not facts:
        says = _("Name a move, or give facts to change.")
        raise InvalidFacts(says, {"move": says})
    return Wish(kind, move, facts_from_plain(kind, facts, person, allowed), because)


def many_at_once(call: Call) -> dict[str, Any]:
    """Carry a wish out, or try it; every record has its own answer."""
    given, person, kind = call.given, call.person, call.kind
    assert kind is not None
    bulk.require_wish(Wish(kind), person) if not given.get("move") else None
    wish = wish_of(kind, person, given.get("move", ""), dict(given.get("facts", {})), given.get("because", ""))
    bulk.require_wish(wish, person)
    numbers, where = given.get("numbers", []), given.get("where", {})
    if bool(numbers) == bool(where):
        says = _("Name the records: either by their numbers, or by the filters of a list in where.")
        raise InvalidFacts(says, {"numbers": says})
    found = bulk.chosen_records(kind, person, numbers) if numbers else bulk.records_where(kind, person, where)
    dry = given.get("dry_run", False)
    outcomes = (
        bulk.try_out(wish, found, by=person) if dry else bulk.carry_out(wish, found, by=person, seen=given.get("seen"))
    )
    return told(outcomes, numbers, dry_run=dry)


def told(outcomes: list[Outcome], numbers: list[str], *, dry_run: bool) -> dict[str, Any]:
    """The answers, in the order of the list; numbers that are not to be found are refused too."""
    results = [
        {"number": one.record.number, "done": one.done, "says": str(one.says), "fields": list(one.fields)}
        for one in outcomes
    ]
    known = {one["number"] for one in results}
    missing = [number for number in dict.fromkeys(numbers) if number not in known]
    results += [
        {"number": number, "done": False, "says": _("There is no such record."), "fields": []} for number in missing
    ]
    done = sum(bool(one["done"]) for one in results)
    return {"dry_run": dry_run, "done": done, "refused": len(results) - done, "results": results}


BULK = Endpoint(
    "bulk", "post", "bulk", many_at_once, "One move or change for many records", kind=EVERY_KIND, about="list",
    takes=BulkGiven,
    description="Each record has its own answer. With dry_run nothing is changed. `seen` maps numbers to the version "
    "that was looked at: a record that was changed since is refused.",
)  # fmt: skip
