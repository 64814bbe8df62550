"""Take values out of one record for good: its entries keep their digests, and one more says what was erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction

from gnomon.records.actions.entries import append
from gnomon.records.actions.write import hold
from gnomon.records.attachments import path_of
from gnomon.records.erasing.for_good import for_good, unlearn
from gnomon.records.erasing.holdings import Held
from gnomon.records.facts import ERASED, erased_value, ledgered, row_fact
from gnomon.records.kinds import kind_of
from gnomon.records.ledger.personal import BECAUSE, live, without
from gnomon.records.listeners import tell_listeners
from gnomon.records.models import Attachment, Comment, LedgerEntry, Record
from gnomon.records.search import index_record
from gnomon.standard.plugs import Actor

VERB = "erased"


@transaction.atomic
def erase(record: Record, held: Sequence[Held], *, by: Actor, case: str, because: str) -> LedgerEntry | None:
    """Erase these values of a record; None when none of them is left.

    The entry that tells of it names the case and each version and field: verification accepts no other loss.
    Who may is asked by whoever calls, and whether anything stands in the way.
    """
    hold(record)
    gone = [
        (version, one.field.removeprefix("#"))
        for one in held
        if one.number == record.number
        for version in one.versions
    ]
    gone = [pair for pair in sorted(set(gone)) if _is_there(record.number, *pair)]
    if not gone:
        return None
    texts = _texts(record.number, gone)
    with for_good():
        entry = _tell(record, gone, [one.field for one in held if not one.note], by, case, because)
        _take_out(record.number, gone)
        _take_off(record.number, gone)
        index_record(kind_of(type(record)), record)
    unlearn(texts)
    return entry


def _texts(number: str, gone: Sequence[tuple[int, str]]) -> list[str]:
    """The words that go, so that the search can unlearn them."""
    entries = LedgerEntry.objects.filter(number=number, version__in={version for version, _name in gone})
    return [f"{entry.changes} {entry.because}" for entry in entries]


def _is_there(number: str, version: int, name: str) -> bool:
    entry = LedgerEntry.objects.filter(number=number, version=version).values_list("personal", flat=True).first()
    return entry is not None and name in live(entry)


def _tell(
    record: Record, gone: Sequence[tuple[int, str]], names: Sequence[str], by: Actor, case: str, because: str
) -> LedgerEntry:
    """Blank the fields, and leave the entry that says so."""
    kind = kind_of(type(record))
    parts = {part.name: part for part in ledgered(kind.model)}
    facts: dict[str, list[Any]] = {
        "erasure": [None, case],
        "erased_values": [None, [list(pair) for pair in gone]],
    }
    written = ["version"]
    for name in dict.fromkeys(names):
        part = parts[name]
        blanked = value_after(part, row_fact(record, part))
        setattr(record, name, blanked)
        facts[name] = [erased_value(name), row_fact(record, part)]
        written.append(name)
    record.version += 1
    record.save(update_fields=written)
    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    entry = append(
        kind=kind.name, number=record.number, version=record.version, verb=f"{kind.name}:{VERB}", actor=by.number,
        recorded_at=now, happened_at=now, facts=facts, because=because,
    )  # fmt: skip
    for follow in kind.after:
        follow(record, entry)
    tell_listeners(record, entry)
    return entry


def value_after(part: models.Field[Any, Any], value: Any) -> Any:
    """What a field holds after its value was erased; what was empty stays so."""
    if isinstance(part, models.JSONField):
        return {} if isinstance(value, dict) else []
    if part.null:
        return None
    too_long = part.max_length is not None and part.max_length < len(ERASED)
    return "" if value in (None, "") or isinstance(part, models.EmailField) or too_long else ERASED


def _take_out(number: str, gone: Sequence[tuple[int, str]]) -> None:
    """Let each value in the entries give way to its commitment."""
    for version in sorted({version for version, _name in gone}):
        names = frozenset(name for at, name in gone if at == version)
        entry = LedgerEntry.objects.get(number=number, version=version)
        left = without(entry.personal, entry.because, names)
        because = "" if BECAUSE in names else entry.because
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {LedgerEntry._meta.db_table} SET personal = %s, because = %s WHERE sequence = %s",
                [left, because, entry.sequence],
            )


def _take_off(number: str, gone: Sequence[tuple[int, str]]) -> None:
    """Blank the comments and files that the entries tell of, and destroy the bytes that no other record keeps."""
    sequences = dict(
        LedgerEntry.objects.filter(number=number, version__in={version for version, _name in gone}).values_list(
            "version", "sequence"
        )
    )
    for version, name in gone:
        if name == "text":
            Comment.objects.filter(number=number, entry=sequences[version]).update(text=ERASED)
        elif name == "name":
            Attachment.objects.filter(number=number, entry=sequences[version]).update(name=ERASED)
        elif name == "sha256":
            _take_file(number, sequences[version])


def _take_file(number: str, sequence: int) -> None:
    file = Attachment.objects.filter(number=number, entry=sequence).first()
    if file is None:
        return
    digest = file.sha256
    Attachment.objects.filter(pk=file.pk).update(sha256=ERASED)
    if not Attachment.objects.filter(sha256=digest).exists():
        transaction.on_commit(lambda: path_of(digest).unlink(missing_ok=True))
