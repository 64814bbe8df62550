"""Comments, files, links and participants: what hangs on a record, each with its ledger entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gnomon.jobs.rows import insert
from gnomon.records import permissions
from gnomon.records.actions.write import hold, note, note_held
from gnomon.records.attachments import Upload, keep
from gnomon.records.kinds import kind_of
from gnomon.records.mentions import mentioned_in
from gnomon.records.models import Attachment, Comment, Link, Participant, Record
from gnomon.records.refusals import InvalidFacts
from gnomon.records.search import index_record
from gnomon.records.texts import fault_of
from gnomon.standard.plugs import Actor

LONGEST_COMMENT = 100_000


def comment(record: Record, text: str, *, by: Actor, internal: bool = False, at: datetime | None = None) -> Comment:
    """Say something about a record; internal words are for staff only. Whom staff name in it becomes a watcher."""
    saying = comment_thought(record, text, by=by, internal=internal, at=at)
    with transaction.atomic():
        hold(record)
        return saying.write(record)


def comment_thought(
    record: Record, text: str, *, by: Actor, internal: bool = False, at: datetime | None = None
) -> Saying:
    """The same, yet to be written: for those who write more in the same transaction, and begin it only then."""
    kind = kind_of(type(record))
    permissions.require(by, "comment", kind)
    text = text.strip()
    if not text:
        raise InvalidFacts(_("A comment needs words."), {"text": _("Write something.")})
    if len(text) > LONGEST_COMMENT:
        says = _("A comment holds at most %(most)d characters; this has %(has)d. Attach it as a file.")
        raise InvalidFacts(says % {"most": LONGEST_COMMENT, "has": len(text)}, {"text": _("Too long.")})
    fault = fault_of(text)
    if fault:
        raise InvalidFacts(_("The comment was not saved: %(fault)s") % {"fault": fault}, {"text": fault})
    return Saying(text, by, internal, at, mentioned_in(text, record, by=by, internal=internal))


@dataclass(frozen=True, slots=True)
class Saying:
    """A comment about to be written, and whom it names."""

    text: str
    by: Actor
    internal: bool
    at: datetime | None
    named: Sequence[Any]

    def write(self, record: Record) -> Comment:
        """Leave it on a record that the caller's transaction holds."""
        kind, by = kind_of(type(record)), self.by
        mentioned: dict[str, Any] = (
            {"mentioned": [None, [person.number for person in self.named]]} if self.named else {}
        )
        entry = note_held(
            record, "commented", by=by, at=self.at, text=[None, self.text], internal=[None, self.internal], **mentioned
        )  # fmt: skip
        said = Comment(
            kind=kind.name, number=record.number, text=self.text, internal=self.internal, actor=by.number,
            happened_at=entry.happened_at, recorded_at=entry.recorded_at, entry=entry.sequence,
        )  # fmt: skip
        insert(said)
        index_record(kind, record, staff_only=self.internal)
        for person in self.named:
            join(record, person, "watcher", by=by)
        return said


@transaction.atomic
def attach(record: Record, upload: Upload, *, by: Actor, internal: bool = False) -> Attachment:
    """Keep a file with a record; its SHA-256 stands in the ledger. The same bytes are attached only once."""
    kind = kind_of(type(record))
    permissions.require(by, "comment", kind)
    kept = keep(record.number, upload)
    hold(record)
    there = Attachment.objects.filter(number=record.number, sha256=kept.sha256, internal=internal).first()
    if there is not None:
        there.known = True
        return there
    entry = note(
        record, "attached", by=by, name=[None, kept.name], sha256=[None, kept.sha256], size=[None, kept.size],
        internal=[None, internal],
    )  # fmt: skip
    return Attachment.objects.create(
        kind=kind.name, number=record.number, name=kept.name, size=kept.size,
        sha256=kept.sha256, internal=internal, actor=by.number, recorded_at=entry.recorded_at, entry=entry.sequence,
    )  # fmt: skip


@transaction.atomic
def link(record: Record, other: Record, relation: str, *, by: Actor) -> Link:
    """Relate a record to another; made once, however often it is said."""
    kind, other_kind = kind_of(type(record)), kind_of(type(other))
    permissions.require(by, "comment", kind)
    if (kind, record.pk) == (other_kind, other.pk):
        raise InvalidFacts(_("A record cannot be linked to itself."), {"other": _("Choose another record.")})
    hold(record)
    made = Link.objects.filter(number=record.number, relation=relation, other_number=other.number).first()
    if made is not None:
        return made
    entry = note(record, "linked", by=by, relation=[None, relation], other=[None, other.number])
    return Link.objects.create(
        kind=kind.name, number=record.number, relation=relation, other_kind=other_kind.name,
        other_number=other.number, actor=by.number, recorded_at=entry.recorded_at,
    )  # fmt: skip


@transaction.atomic
def unlink(record: Record, other: Record, relation: str, *, by: Actor, because: str = "") -> None:
    """Take a relation back; that it stood is in the ledger."""
    permissions.require(by, "comment", kind_of(type(record)))
    hold(record)
    gone: Any = Link.objects.filter(number=record.number, relation=relation, other_number=other.number)
    if gone.exists():
        note(record, "unlinked", by=by, because=because, relation=[relation, None], other=[other.number, None])
        gone.delete()


@transaction.atomic
def join(record: Record, person: Actor, part: str, *, by: Actor) -> Participant:
    """Give a person a part in a record."""
    kind = kind_of(type(record))
    permissions.require(by, "comment", kind)
    hold(record)
    had = Participant.objects.filter(number=record.number, person=person.number, part=part).first()
    if had is not None:
        return had
    note(record, "joined", by=by, person=[None, person.number], part=[None, part])
    return Participant.objects.create(kind=kind.name, number=record.number, person=person.number, part=part)


@transaction.atomic
def leave(record: Record, person: Actor, part: str, *, by: Actor) -> None:
    """Take a person's part in a record away."""
    permissions.require(by, "comment", kind_of(type(record)))
    hold(record)
    gone: Any = Participant.objects.filter(number=record.number, person=person.number, part=part)
    if gone.exists():
        note(record, "left", by=by, person=[person.number, None], part=[part, None])
        gone.delete()
