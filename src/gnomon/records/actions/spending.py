"""Time that people spend on a record: an entry in the ledger for each, taken back only by a counter entry."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.records import permissions
from gnomon.records.actions.write import hold, note
from gnomon.records.kinds import kind_of
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.queries.spending import SPENT, spent_entry, taken_back
from gnomon.records.refusals import InvalidFacts, MoveRefused, NotAllowed
from gnomon.records.texts import fault_of
from gnomon.standard.plugs import Actor

A_DAY = 24 * 60
FARTHEST_BACK = timedelta(days=366)
LONGEST_NOTE = 1000


@transaction.atomic
def spend(record: Record, minutes: int, *, by: Actor, on: date | None = None, text: str = "") -> LedgerEntry:
    """Tell of minutes that whoever acts spent on a record, on a day."""
    _require(record, by)
    day = timezone.localdate() if on is None else on
    text = text.strip()
    faults: dict[str, str] = {}
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= A_DAY:
        faults["minutes"] = _("Give whole minutes, from 1 to 1440: a day has no more.")
    if not _within(day):
        faults["on"] = _("Give a day that has come, and not more than a year ago.")
    if len(text) > LONGEST_NOTE:
        faults["text"] = _("A note on time holds at most %(most)d characters.") % {"most": LONGEST_NOTE}
    elif fault := fault_of(text):
        faults["text"] = fault
    if faults:
        raise InvalidFacts(next(iter(faults.values())), faults)
    return note(
        record, SPENT, by=by, minutes=[None, minutes], on=[None, day.isoformat()], text=[None, text],
        person=[None, by.number],
    )  # fmt: skip


@transaction.atomic
def take_time_back(record: Record, version: int, *, by: Actor, because: str = "") -> LedgerEntry:
    """Counter an entry of time, whole and once; one's own, or anybody's for those who may change the record."""
    _require(record, by)
    hold(record)
    entry = spent_entry(record, version)
    if entry is None:
        says = _("%(number)s has no entry of time with number %(version)d.")
        raise InvalidFacts(says % {"number": record.number, "version": version}, {"version": _("Choose another.")})
    if version in taken_back(record):
        raise MoveRefused(_("This time was taken back already. Tell it anew if it was right."))
    facts = {name: pair[1] for name, pair in entry.changes.items()}
    if facts["person"] != by.number and not permissions.may(by, "change", kind_of(type(record))):
        raise NotAllowed(_("This time is somebody else's. Ask them, or whoever may change the record."))
    return note(
        record, SPENT, by=by, because=because, minutes=[None, -facts["minutes"]], on=[None, facts["on"]],
        text=[None, ""], person=[None, facts["person"]], counters=[None, version],
    )  # fmt: skip


def _require(record: Record, by: Actor) -> None:
    """Time is among staff: whoever reads the whole kind and may speak on it."""
    kind = kind_of(type(record))
    permissions.require(by, "read", kind)
    permissions.require(by, "comment", kind)


def _within(day: date) -> bool:
    # Somewhere on earth it is tomorrow already.
    latest = max(timezone.localdate(), datetime.now(ZoneInfo("Pacific/Kiritimati")).date())
    return latest - FARTHEST_BACK <= day <= latest
