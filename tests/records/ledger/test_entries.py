"""The bytes, digest and seal of an entry."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.records.ledger.canonical import canonical, canonical_text
from gnomon.records.ledger.entries import entry_bytes, entry_digest, entry_digests, entry_seal, is_sealed

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts | st.lists(texts, max_size=3)
moments = st.integers(0, 2**42)
facts = st.dictionaries(texts, st.tuples(values, values).map(list), max_size=4)
entries = st.tuples(texts, texts, st.integers(1, 10**6), texts, texts, moments, moments, facts, texts)


@settings(max_examples=100, deadline=None)
@given(entries)
def test_an_entry_is_the_canonical_json_of_all_that_it_says(entry: Any) -> None:
    kind, number, version, verb, actor, recorded, happened, said, because = entry
    row = (kind, number, version, verb, actor, recorded, happened, canonical_text(said), because, "")
    whole = {
        "kind": kind, "number": number, "version": version, "verb": verb, "actor": actor, "recorded_at": recorded,
        "happened_at": happened, "facts": said, "because": because,
    }  # fmt: skip
    assert entry_bytes(*row) == canonical(whole)
    assert entry_digest(*row) == hashlib.sha256(b"\0" + canonical(whole)).digest()
    assert entry_digests([row]) == [entry_digest(*row)]


def test_an_entry_reads_as_written_here_by_hand() -> None:
    said = entry_bytes("incident", "INC-000042", 3, "incident:resolve", "PER-000003", 2, 1, '{"a":[null,1]}', "Done")
    assert said.decode() == (
        '{"actor":"PER-000003","because":"Done","facts":{"a":[null,1]},"happened_at":1,"kind":"incident",'
        '"number":"INC-000042","recorded_at":2,"verb":"incident:resolve","version":3}'
    )


ROW = ("incident", "INC-000042", 3, "incident:resolve", "PER-000003", 2, 1, '{"a":[null,1]}', "Done")
OTHER = ("inc", "INC-000043", 4, "incident:close", "PER-000004", 3, 2, '{"a":[null,2]}', "done")


def test_each_column_counts() -> None:
    digests = {entry_digest(*ROW)}
    for place, other in enumerate(OTHER):
        digests.add(entry_digest(*ROW[:place], other, *ROW[place + 1 :]))  # type: ignore[arg-type, call-arg]
    assert len(digests) == 1 + len(OTHER)


def test_a_fact_cannot_pose_as_a_column() -> None:
    # The facts end early and carry a forged rest; the true rest follows and betrays it.
    forged = '{},"happened_at":1,"kind":"incident","number":"INC-000042","recorded_at":2,"verb":"v","version":3}'
    assert entry_digest(*ROW[:7], forged, "Done") != entry_digest(*ROW[:7], "{}", "Done")


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=1, max_size=100), st.binary(min_size=32, max_size=32))
def test_the_seal_is_the_hmac_of_the_digest(key: bytes, digest: bytes) -> None:
    assert entry_seal(key, digest) == hmac.digest(key, digest, "sha256")
    assert is_sealed(key, digest, hmac.digest(key, digest, "sha256"))
    assert not is_sealed(key + b"x", digest, entry_seal(key, digest))


def test_the_stored_facts_are_the_facts() -> None:
    assert json.loads(canonical_text({"b": [None, 1], "a": ["x", "y"]})) == {"a": ["x", "y"], "b": [None, 1]}
