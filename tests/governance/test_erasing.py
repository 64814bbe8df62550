"""A person asks to be forgotten: what speaks of them goes, and the ledger with all its proofs stays whole (7.5.3)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.governance.notices.working import tell
from tests.makers import a_person

from gnomon.governance import erasing
from gnomon.governance.kinds import erasure as ERASURE
from gnomon.governance.models import Erasure, Message, Receipt, Sending
from gnomon.governance.sealing.words import commit
from gnomon.jobs.models import QueuedJob
from gnomon.organization.models import Person
from gnomon.organization.roles import ADMINISTRATOR, SMS_MANAGER
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.attachments import path_of
from gnomon.records.erasing.for_good import MERGE, merge_index
from gnomon.records.facts import ERASED
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.canonical import canonical_text
from gnomon.records.ledger.export import proof_of
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.ledger.triggers import guard, unguard
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.ledger.verify_proof import main as verifier
from gnomon.records.models import Attachment, Comment, Draft, LedgerEntry, Record
from gnomon.records.refusals import InvalidFacts, MoveRefused, NotAllowed


@pytest.fixture
def ada(db: None) -> Person:
    return a_person("Ada Admin", username="ada", roles=[ADMINISTRATOR])


@pytest.fixture
def sven(db: None) -> Person:
    return a_person("Sven Sms", username="sven", roles=[SMS_MANAGER])


@pytest.fixture
def wang(db: None) -> Person:
    return a_person("王小明", username="wangxm", email="wangxm@example.org", phone="13800138000", roles=["requester"])


@pytest.fixture
def outage(wang: Person, bob: Person) -> Record:
    """王小明 reported it with a file and a comment; Bob wrote two notes, one of which names him."""
    incident = actions.record(
        kind_named("incident"), by=wang, title="My mail is gone", description="Call me on 13800138000", requester=wang
    )
    actions.comment(incident, "It is the one on my desk", by=wang)
    actions.attach(incident, cast(Any, SimpleUploadedFile("wang.txt", b"My own words")), by=wang)
    actions.comment(incident, "王小明 is out for lunch", by=bob, internal=True)
    actions.comment(incident, "The disk was full", by=bob)
    actions.move(incident, "cancel", by=bob, because="He found it again")
    seal_ledger()
    return incident


def asked(person: Person, by: Person, **facts: Any) -> Erasure:
    leave(person)
    made = actions.record(ERASURE, by=by, person=person, reason="Letter of 2026-01-05, GDPR 17", **facts)
    return cast(Erasure, made)


def leave(person: Person) -> None:
    actions.move(Person.objects.get(pk=person.pk), "leave", by=SYSTEM, because="Left")


def approved(person: Person, ada: Person, sven: Person, **facts: Any) -> Erasure:
    return cast(Erasure, actions.move(asked(person, ada, **facts), "approve", by=sven))


def everything() -> str:
    """All rows of all tables but the request itself, as one text."""
    with connection.cursor() as cursor:
        told = []
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            told.append(f"{table}: {cursor.fetchall()!r}")
    return "\n".join(told)


@pytest.mark.clause("7.5.3.2")
def test_nothing_of_the_person_is_left_and_the_ledger_is_whole(
    outage: Record, wang: Person, ada: Person, sven: Person
) -> None:
    guard(connection)
    done = erasing.carry_out(approved(wang, ada, sven).number)
    assert QueuedJob.objects.filter(name=MERGE).exists()
    merge_index()
    left = everything()
    for word in ("王小明", "wangxm", "13800138000", "on my desk", "wang.txt", "My mail is gone"):
        assert word not in left, f"{word}: {left[left.index(word) - 200 : left.index(word) + 100]}"
    assert "The disk was full" in left, "what neither comes from him nor names him stays"
    verification = verify_ledger()
    assert verification.faults == ()
    # the incident and his own record
    assert verification.erased == {done.number: 2}
    assert (done.status, done.records_blanked) == ("carried_out", 2)
    assert done.approved_by == sven


def test_a_proof_exported_before_holds_afterwards_and_one_exported_later_reveals_nothing(
    outage: Record, wang: Person, ada: Person, sven: Person, tmp_path: Path, capsys: Any
) -> None:
    entries = LedgerEntry.objects.filter(number=outage.number)
    before = proof_of(entries, at=datetime(2026, 1, 5, tzinfo=UTC))
    erasing.carry_out(approved(wang, ada, sven).number)
    seal_ledger()
    after = proof_of(entries.all(), at=datetime(2026, 1, 6, tzinfo=UTC))
    for name, file in (("before", before), ("after", after)):
        (tmp_path / name).write_bytes(file)
        assert verifier([str(tmp_path / name)]) == 0
    assert b"13800138000" in before
    assert b"13800138000" not in after
    assert "personal values were erased before the export" in capsys.readouterr().out
    same = [json.loads(file)["entries"][0]["content"] for file in (before, after)]
    assert same[0] == same[1]


def test_search_comments_and_files_forget(outage: Record, wang: Person, bob: Person, ada: Person, sven: Person) -> None:
    file = path_of(Attachment.objects.get(number=outage.number).sha256)
    assert file.exists()
    with transaction.atomic():
        done = approved(wang, ada, sven)
    erasing.carry_out(done.number)
    outage.refresh_from_db()
    assert (outage.title, outage.description) == (ERASED, ERASED)  # type: ignore[attr-defined]
    said = list(Comment.objects.filter(number=outage.number).order_by("pk").values_list("text", flat=True))
    assert said == [ERASED, ERASED, "The disk was full"]
    kept = Attachment.objects.get(number=outage.number)
    assert (kept.name, kept.sha256) == (ERASED, ERASED)


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_a_file_are_destroyed_unless_another_record_keeps_them(ada: Person, sven: Person) -> None:
    wang = a_person("王小明", username="wangxm", roles=["requester"])
    first, second = (actions.record(kind_named("incident"), by=wang, title="Broken", requester=wang) for _n in range(2))
    for incident, text in ((first, b"one"), (second, b"two")):
        actions.attach(incident, cast(Any, SimpleUploadedFile("a.txt", text)), by=wang)
    shared = actions.record(kind_named("service"), by=SYSTEM, title="Mail")
    actions.attach(shared, cast(Any, SimpleUploadedFile("a.txt", b"two")), by=SYSTEM)
    for incident in (first, second):
        actions.move(incident, "cancel", by=SYSTEM, because="No more")
    one, two = (path_of(Attachment.objects.get(number=each.number).sha256) for each in (first, second))
    erasing.carry_out(approved(wang, ada, sven).number)
    assert not one.exists()
    assert two.read_bytes() == b"two"


def test_drafts_and_messages_forget(outage: Record, wang: Person, bob: Person, ada: Person, sven: Person) -> None:
    Draft.objects.create(person=bob.number, place="/x", values={"text": "王小明 called"}, saved_at=datetime.now(UTC))
    Draft.objects.create(person=bob.number, place="/y", values={"text": "Nothing"}, saved_at=datetime.now(UTC))
    Message.objects.create(
        cause="t", what="x", kind="incident", number=outage.number, titles={"en": "My mail is gone"}, text="13800138000",
        told_at=datetime.now(UTC),
    )  # fmt: skip
    erasing.carry_out(approved(wang, ada, sven).number)
    assert [draft.place for draft in Draft.objects.all()] == ["/y"]
    message = Message.objects.get(cause="t")
    assert (message.titles, message.text) == ({"en": outage.number}, "")


def test_messages_about_other_records_forget_the_person_in_every_language(
    outage: Record, wang: Person, bob: Person, ada: Person, sven: Person, client: Client
) -> None:
    other = actions.record(kind_named("service"), by=SYSTEM, title="Mail")
    for cause, title, text in (
        ("title", "王小明 “Wang” joined", "He did"),
        ("text", "Somebody joined", "王小明 did"),
        ("none", "Bob", "Bob did"),
    ):
        tell([bob.number], about=other, what="other", title=title, text=text, cause=cause)
    in_one_language = Message.objects.get(cause="none")
    in_one_language.texts = {"en": "Wang (wangxm@example.org) did"}
    commit(in_one_language).save()
    assert verify_ledger().whole

    done = erasing.carry_out(approved(wang, ada, sven).number)

    for message in Message.objects.filter(number=other.number):
        assert (set(message.titles.values()), message.text, message.texts) == ({other.number}, "", {})
    assert verify_ledger().faults == ()
    entries = LedgerEntry.objects.filter(number=done.number, verb="erasure:blanked")
    assert {key for entry in entries for key in entry.changes["erased_messages"][1]} == set(
        Message.objects.filter(salt="").values_list("pk", flat=True)
    )
    client.force_login(ada)
    assert "Messages blanked" in client.get(done.get_absolute_url()).content.decode()


def test_what_names_the_person_stays_where_the_request_says_so(
    wang: Person, bob: Person, ada: Person, sven: Person
) -> None:
    other = actions.record(kind_named("service"), by=SYSTEM, title="Mail")
    tell([bob.number], about=other, what="other", title="王小明 joined", cause="told")
    Draft.objects.create(person=bob.number, place="/x", values={"text": "王小明 called"}, saved_at=datetime.now(UTC))
    erasing.carry_out(approved(wang, ada, sven, named=False).number)
    assert set(Message.objects.get(cause="told").titles.values()) == {"王小明 joined"}
    assert Draft.objects.filter(place="/x").exists()


def test_what_mail_servers_answered_is_forgotten(
    outage: Record, wang: Person, bob: Person, ada: Person, sven: Person
) -> None:
    def failed(person: Person, says: str) -> Sending:
        cause = f"{person.number} {says}"
        tell([person.number], about=None, what="other", title="Word", cause=cause)
        receipt = Receipt.objects.get(message__cause=cause)
        return Sending.objects.create(receipt=receipt, channel="mail", error=says, due_at=datetime.now(UTC))

    theirs, naming, other = (
        failed(wang, "550 nobody here"),
        failed(bob, "550 <wangxm@example.org>"),
        failed(bob, "450 busy"),
    )
    erasing.carry_out(approved(wang, ada, sven).number)
    kept = dict(Sending.objects.values_list("pk", "error"))
    assert (kept[theirs.pk], kept[naming.pk], kept[other.pk]) == ("", "", "450 busy")


# --- who may, and when not ----------------------------------------------------------------------


def test_whoever_asks_does_not_approve(wang: Person, ada: Person, sven: Person) -> None:
    erasure = asked(wang, ada)
    with pytest.raises(InvalidFacts, match="Somebody other than who asked"):
        actions.move(erasure, "approve", by=ada)
    actions.move(erasure, "approve", by=sven)
    assert QueuedJob.objects.filter(name=erasing.JOB, facts={"number": erasure.number}).count() == 1


def test_others_neither_ask_nor_learn_of_it(wang: Person, bob: Person, ada: Person, client: Client) -> None:
    with pytest.raises(NotAllowed):
        asked(wang, bob)
    erasure = cast(Erasure, actions.record(ERASURE, by=ada, person=wang, reason="Letter"))
    client.force_login(bob)
    for address in (erasure.get_absolute_url(), f"/governance/erasures/{erasure.number}/preview"):
        assert client.get(address).status_code == 404


def test_people_cannot_say_that_it_was_carried_out(wang: Person, ada: Person, sven: Person) -> None:
    erasure = approved(wang, ada, sven)
    with pytest.raises(NotAllowed):
        actions.move(erasure, "carry_out", by=ada)


def test_nothing_is_erased_before_it_is_approved(wang: Person, ada: Person) -> None:
    with pytest.raises(MoveRefused, match="is not approved"):
        erasing.carry_out(asked(wang, ada).number)


def test_what_is_still_open_is_kept_with_a_sentence(wang: Person, ada: Person, sven: Person) -> None:
    incident = actions.record(kind_named("incident"), by=wang, title="Still broken", requester=wang)
    erasure = approved(wang, ada, sven)
    with pytest.raises(MoveRefused, match=f"{incident.number} is still open. Close it first"):
        erasing.carry_out(erasure.number)
    assert "Still broken" in everything()
    # left out, the rest is erased
    actions.change(erasure, by=sven, left_out=incident.number.lower())
    assert erasing.carry_out(erasure.number).records_blanked == 1
    assert "Still broken" in everything()
    assert verify_ledger().whole


def test_a_person_who_has_not_left_is_kept(wang: Person, ada: Person, sven: Person) -> None:
    erasure = cast(Erasure, actions.record(ERASURE, by=ada, person=wang, reason="Letter"))
    actions.move(erasure, "approve", by=sven)
    with pytest.raises(MoveRefused, match=f"{wang.number} is still open"):
        erasing.carry_out(erasure.number)


def test_what_stands_under_its_digest_in_the_clear_is_said(
    outage: Record, wang: Person, ada: Person, sven: Person
) -> None:
    # An entry as they were written before personal facts stood apart.
    unguard(connection)
    entry = LedgerEntry.objects.get(number=outage.number, personal__contains="out for lunch")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_ledgerentry SET facts = %s, personal = '' WHERE sequence = %s",
            [canonical_text(entry.changes), entry.sequence],
        )
    leave(wang)
    found = erasing.preview(cast(Erasure, actions.record(ERASURE, by=ada, person=wang, reason="Letter")))
    assert found.refusals == (
        f"{outage.number}: It was written before values could be erased, and stands under its digest in the clear.",
    )


def test_a_second_run_erases_nothing_twice(outage: Record, wang: Person, ada: Person, sven: Person) -> None:
    erasure = approved(wang, ada, sven)
    first = erasing.carry_out(erasure.number)
    entries = LedgerEntry.objects.count()
    assert erasing.carry_out(erasure.number).values_erased == first.values_erased
    assert LedgerEntry.objects.count() == entries
    assert erasing.preview(first).held == ()


# --- nobody erases otherwise ----------------------------------------------------------------------


def test_a_value_taken_out_without_an_erasure_is_named(outage: Record) -> None:
    from gnomon.records.ledger.personal import without

    unguard(connection)
    entry = LedgerEntry.objects.get(number=outage.number, version=2)
    left = without(entry.personal, entry.because, frozenset({"text"}))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_ledgerentry SET personal = %s WHERE sequence = %s", [left, entry.sequence])
        cursor.execute("UPDATE records_comment SET text = %s WHERE entry = %s", [ERASED, entry.sequence])
    fault = verify_ledger().first
    assert fault is not None
    assert (fault.what, fault.sequence, fault.field) == ("altered", entry.sequence, "text")
    assert fault.says == f"{outage.number} #2: “text” was taken out, but no entry tells of an erasure."


def test_an_erased_value_that_is_put_back_is_named(outage: Record, wang: Person, ada: Person, sven: Person) -> None:
    before = LedgerEntry.objects.get(number=outage.number, version=2)
    erasing.carry_out(approved(wang, ada, sven).number)
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_ledgerentry SET personal = %s WHERE sequence = %s", [before.personal, before.sequence]
        )
        cursor.execute(
            "UPDATE records_comment SET text = %s WHERE entry = %s", ["It is the one on my desk", before.sequence]
        )
    fault = verify_ledger().first
    assert fault is not None
    assert fault.says == f"{outage.number} #2: “text” was erased, and is there again."


def test_the_guards_let_only_personal_columns_go_and_only_after_an_erasure(
    outage: Record, wang: Person, ada: Person, sven: Person
) -> None:
    guard(connection)
    statements = [
        "UPDATE records_ledgerentry SET personal = '' WHERE number = %s AND version = 1",
        "UPDATE records_ledgerentry SET because = '' WHERE number = %s AND version = 1",
    ]
    for statement in statements:
        with (
            pytest.raises(DatabaseError, match="only ever added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [outage.number])
    erasing.carry_out(approved(wang, ada, sven).number)
    columns = [c for c in (f.column for f in LedgerEntry._meta.fields) if c not in {"personal", "because"}]
    for column in columns:
        value = f"{column} + 1" if column in {"sequence", "version", "recorded_at", "happened_at"} else "'x'"
        if column in {"digest", "seal"}:
            value = "substr(seal, 2)"
        with (
            pytest.raises(DatabaseError, match="only ever added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE records_ledgerentry SET {column} = {value} WHERE number = %s", [outage.number])


def test_the_preview_page_shows_each_value(
    outage: Record, wang: Person, ada: Person, client: Client, django_assert_max_num_queries: Any
) -> None:
    erasure = asked(wang, ada)
    client.force_login(ada)
    page = client.get(f"/governance/erasures/{erasure.number}/preview").content.decode()
    assert "Call me on 13800138000" in page
    assert "names them" in page
    assert f"/governance/erasures/{erasure.number}/preview" in client.get(erasure.get_absolute_url()).content.decode()
