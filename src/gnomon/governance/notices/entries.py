"""Tell people of entries in the ledger, as the apps declare it in their `notices.py`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gnomon.governance.notices.declared import all_notices
from gnomon.governance.notices.gaps import Telling
from gnomon.governance.notices.telling import tell_so
from gnomon.governance.notices.wording import own_texts
from gnomon.jobs.actions import enqueue
from gnomon.jobs.questions import Question
from gnomon.records.kinds import find_record
from gnomon.records.models import LedgerEntry, Record
from gnomon.records.queries.people import names_of
from gnomon.standard.plugs import Notice

TELL_OF = "governance:tell_of_entry"


@cache
def notices_by_verb() -> Mapping[str, tuple[Notice, ...]]:
    """`incident:resolve` → the notices that it may give rise to, in the order in which they are declared."""
    found: dict[str, tuple[Notice, ...]] = {}
    for notice in all_notices():
        for verb in notice.verb.split():
            name = f"{notice.kind}:{verb}"
            found[name] = (*found.get(name, ()), notice)
    return found


_ENTRY = Question(lambda sequence: LedgerEntry.objects.filter(sequence=sequence))


def tell_later(_record: Record, entry: LedgerEntry) -> None:
    """Have the worker tell of this entry, if anybody may want to know: the writer waits for none of it."""
    if entry.verb in notices_by_verb():
        enqueue(TELL_OF, cause=entry.number, sequence=entry.sequence)


def tell_of(sequence: int) -> None:
    """Tell people of one entry; each person once, by the first notice that is meant for them."""
    entry = _ENTRY.first(sequence=sequence)
    if entry is None:
        raise LookupError(f"There is no entry {sequence}.")
    record = find_record(entry.number, whole=True)  # nearly all notices go to people whom it names
    if record is None:
        return
    notices = notices_by_verb().get(entry.verb, ())
    own = own_texts(notice.key for notice in notices)
    told: set[str] = set()
    internal = bool(entry.changes.get("internal", [None, False])[1])
    actor = names_of([entry.actor])[entry.actor]
    for at, notice in enumerate(notices):
        people = {number for number in notice.to(record, entry) if number} - told
        tell_so(
            people, Telling(notice, record, entry, actor), own.get(notice.key), by=entry.actor, internal=internal,
            url=notice.url % {"number": record.number} if notice.url else "",
            cause=f"{entry.number}/{entry.version}/{at}",
        )  # fmt: skip
        told |= people
