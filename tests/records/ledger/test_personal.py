"""Personal facts stand apart in an entry: the digest covers commitments, so a value can go and the entry stays."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.facts import ERASED, read_facts
from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.entries import entry_bytes, entry_digest, true_digest
from gnomon.records.ledger.export import proof_of
from gnomon.records.ledger.personal import BECAUSE, commitments, divided, erased, revealed, without
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.ledger.verify_proof import main as verifier
from gnomon.records.models import LedgerEntry

NAMES = frozenset({"title", "text", "custom"})
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
facts = st.fixed_dictionaries({}, optional={name: st.lists(texts | st.none(), min_size=2, max_size=2) for name in
                                            ("title", "text", "status", "team")})  # fmt: skip
ROW = ("incident", "INC-000042", 3, "incident:resolve", "PER-000003", 2, 1)


@settings(max_examples=60, deadline=None)
@given(facts, texts)
def test_what_is_divided_reads_as_before(said: dict[str, Any], because: str) -> None:
    plain, personal = divided(said, because, NAMES)
    assert read_facts(plain, personal) == said
    assert not NAMES & json.loads(plain).keys()


@settings(max_examples=60, deadline=None)
@given(facts, texts, st.data())
def test_erasing_leaves_the_digest_as_it_is(said: dict[str, Any], because: str, data: st.DataObject) -> None:
    plain, personal = divided(said, because, NAMES)
    before = entry_digest(*ROW, plain, because, personal)
    if not personal:
        return
    gone = data.draw(st.sets(st.sampled_from(sorted(json.loads(personal)))))
    left = without(personal, because, frozenset(gone))
    now = "" if BECAUSE in gone else because
    assert entry_digest(*ROW, plain, now, left) == before
    assert erased(left) == gone
    assert all(read_facts(plain, left)[name] == [ERASED, ERASED] for name in gone - {BECAUSE})


def test_the_bytes_under_the_digest_are_written_here_by_hand() -> None:
    personal = '{":because":["s1"],"title":[null,"Wang","s2"]}'
    title = hashlib.sha256(b'[null,"Wang","s2"]').hexdigest()
    because = hashlib.sha256(b'["He asked","s1"]').hexdigest()
    assert entry_bytes(*ROW, '{"a":[null,1]}', "He asked", personal).decode() == (
        '{"actor":"PER-000003","because":"","facts":{"a":[null,1]},"happened_at":1,"kind":"incident",'
        f'"number":"INC-000042","personal":{{":because":"{because}","title":"{title}"}},'
        '"recorded_at":2,"verb":"incident:resolve","version":3}'
    )


def test_the_same_words_of_two_people_have_nothing_in_common() -> None:
    # Without the salt, who knows an erased telephone number could find it again by its digest.
    first, second = (divided({"title": [None, "13800138000"]}, "", NAMES)[1] for _once in range(2))
    assert commitments(first, "") != commitments(second, "")


@pytest.mark.parametrize(
    "personal",
    [
        '{"title":[null,"Wang","s"] }', '{"text":[null,"x","s"],"title":5}', '{"title":"short"}', '{"title":null}',
        '{"title":[null,"a","s"],"text":[null,"x","s"]}', '{"title":[null,"a","s"],"title":[null,"a","s"]}',
        '{"tïtle":[null,"a","s"]}', "no json", "[]", '{"title":"' + "G" * 64 + '"}',
        '{":because":"' + "a" * 64 + '"}',
    ],
)  # fmt: skip
def test_what_we_never_wrote_has_no_digest(personal: str) -> None:
    # The last one: a reason stands in its column although its commitment says that it was erased.
    assert true_digest((*ROW, "{}", "A reason", personal)) is None


def test_every_byte_of_the_personal_facts_counts() -> None:
    _plain, personal = divided({"title": [None, "Wang 王"], "text": ["", "y"]}, "Why", NAMES)
    before = true_digest((*ROW, "{}", "Why", personal))
    for place, char in enumerate(personal):
        other = personal[:place] + ("0" if char != "0" else "1") + personal[place + 1 :]
        assert true_digest((*ROW, "{}", "Why", other)) != before
    assert true_digest((*ROW, "{}", "why", personal)) != before


def test_a_proof_reveals_what_the_commitments_stand_for(db: None, tmp_path: Any, capsys: Any) -> None:
    mail = actions.record(SERVICE, by=SYSTEM, title="Mail", because="Wished for")
    actions.comment(mail, "Call Wang on 13800138000", by=SYSTEM)
    seal_ledger()
    entries = LedgerEntry.objects.filter(number=mail.number)
    file = proof_of(entries, at=datetime(2026, 1, 5, tzinfo=UTC))
    proof = json.loads(file)
    assert proof["format"] == "gnomon-proof/2"
    told = proof["entries"][1]
    assert told["revealed"]["text"][1] == "Call Wang on 13800138000"
    assert "Wang" not in json.dumps(told["content"])
    (tmp_path / "proof.json").write_bytes(file)
    assert verifier([str(tmp_path / "proof.json")]) == 0
    # Whoever alters what is revealed is found out even where the file were signed anew.
    told["revealed"]["text"][1] = "Call Li"
    (tmp_path / "proof.json").write_bytes(canonical(proof) + b"\n")
    assert verifier([str(tmp_path / "proof.json")]) == 1
    assert f"{mail.number} #2: “text” is not what was sealed" in capsys.readouterr().out


def test_what_was_erased_is_no_more_revealed() -> None:
    _plain, personal = divided({"title": [None, "Wang"]}, "Why", NAMES)
    left = without(personal, "Why", frozenset({"title"}))
    assert revealed(left, "Why").keys() == {BECAUSE}
    assert revealed(left, "Why")[BECAUSE][0] == "Why"
