"""Time stamps from outside lie in the pack, and are held against the checkpoints that it rests on."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.certification.pack.bags import Files, closed, opened, signed_anew, verdict
from tests.certification.pack.conftest import House, sealed_house
from tests.governance.sealing.test_stamping import OPENSSL, answered, authority

from gnomon.certification.pack.verifier import bagged
from gnomon.certification.pack.verifier.stamped import stamped
from gnomon.governance.sealing.stamping import checkpoint_bytes
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.kinds import kind_named
from gnomon.records.ledger import verify_proof
from gnomon.records.ledger.keys import signed_by
from gnomon.records.ledger.verify_proof import Unreadable
from gnomon.records.models import Checkpoint

__all__ = ["authority"]
AT = datetime(2026, 11, 2, 9, 0, 5, 120_000, tzinfo=UTC)


def der(tag: int, *content: bytes) -> bytes:
    """A piece of DER: tag, length, content."""
    inner = b"".join(content)
    size = len(inner)
    if size < 0x80:
        return bytes([tag, size]) + inner
    written = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(written)]) + written + inner


SHA256 = der(0x30, der(0x06, bytes.fromhex("608648016503040201")))
POLICY = der(0x06, bytes.fromhex("2a030401"))  # 1.2.3.4.1


def an_answer(digest: bytes, at: bytes = b"20261102090005.12Z", *, algorithm: bytes = SHA256) -> bytes:
    """What an authority answers (RFC 3161 §2.4.2), without its signature."""
    said = der(
        0x30, der(0x02, b"\1"), POLICY, der(0x30, algorithm, der(0x04, digest)), der(0x02, b"\7"), der(0x18, at)
    )  # fmt: skip
    content = der(0x30, der(0x06, bytes.fromhex("2a864886f70d0109100104")), der(0xA0, der(0x04, said)))
    signed = der(0x30, der(0x02, b"\3"), der(0x31, SHA256), content, der(0x31))
    token = der(0x30, der(0x06, bytes.fromhex("2a864886f70d010702")), der(0xA0, signed))
    return der(0x30, der(0x30, der(0x02, b"\0")), token)


# --- reading ------------------------------------------------------------------------------------

DIGEST = hashlib.sha256(b"a checkpoint").digest()


def test_imprint_and_time_are_read_from_the_answer_itself() -> None:
    assert stamped(an_answer(DIGEST)) == (DIGEST, "2026-11-02T09:00:05.120Z")
    assert stamped(an_answer(DIGEST, b"20261102090005Z"))[1] == "2026-11-02T09:00:05.000Z"
    assert stamped(an_answer(DIGEST, b"20261102090005.1239Z"))[1] == "2026-11-02T09:00:05.123Z"


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed, so there is no authority to ask")
def test_the_answer_of_an_authority_is_read(authority: Path) -> None:
    client = pytest.importorskip("rfc3161_client")
    asked = client.TimestampRequestBuilder().data(b"a checkpoint").hash_algorithm(client.HashAlgorithm.SHA256).build()
    answer = answered(authority, asked.as_bytes())
    digest, at = stamped(answer)
    told = client.decode_timestamp_response(answer).tst_info
    assert digest == DIGEST
    assert at == told.gen_time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


GOOD = an_answer(DIGEST)
HOSTILE = {
    "nothing": b"",
    "cut off": GOOD[:-1],
    "more behind": GOOD + b"\0",
    "a length that never ends": b"\x30\x80" + GOOD[4:] + b"\0\0",
    "a length with a leading nought": b"\x30\x82\0\x05" + GOOD[:5],
    "a short length written long": b"\x30\x81\x05\x02\x01\x00\x05\x00",
    "a length of four gigabytes": b"\x30\x84\xff\xff\xff\xff" + GOOD,
    "a tag of several bytes": b"\x3f\x81\x01\x00",
    "no stamp": der(0x30, der(0x30, der(0x02, b"\2"))),
    "another digest": an_answer(DIGEST, algorithm=der(0x30, der(0x06, bytes.fromhex("2b0e03021a")))),
    "no algorithm": an_answer(DIGEST, algorithm=der(0x30)),
    "local time": an_answer(DIGEST, b"20261102090005+0800"),
    "no seconds": an_answer(DIGEST, b"202611020900Z"),
    "noughts behind the point": an_answer(DIGEST, b"20261102090005.10Z"),
    "other data": GOOD.replace(bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010701")),
    "another content": GOOD.replace(bytes.fromhex("2a864886f70d0109100104"), bytes.fromhex("2a864886f70d0109100105")),
    "deep": b"\x30\x03" * 2000,
}


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_stamp_is_refused_in_a_sentence(answer: bytes) -> None:
    with pytest.raises(Unreadable, match=r"\.$"):
        stamped(answer)


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=4), st.integers(0, 4))
@example(0, b"", 4)
def test_whatever_is_done_to_a_stamp_it_is_read_or_refused(at: int, put: bytes, taken: int) -> None:
    bent = GOOD[:at] + put + GOOD[at + taken :]
    try:
        digest, moment = stamped(bent)
    except Unreadable:
        return
    assert isinstance(digest, bytes)
    assert moment.endswith("Z")


# --- in a pack ----------------------------------------------------------------------------------


@pytest.fixture
def stamped_house(house: House) -> House:
    """The house, its checkpoint stamped from outside, and sealed again since."""
    checkpoint = Checkpoint.objects.latest("size")
    content = checkpoint_bytes(checkpoint)
    wanted = actions.record(kind_named("time_stamp"), by=SYSTEM)
    actions.move(
        wanted, "keep", by=SYSTEM, size=checkpoint.size, checkpoint=hashlib.sha256(content).hexdigest(),
        authority="https://stamps.example", stamped_at=AT, serial="7",
        token=base64.b64encode(an_answer(hashlib.sha256(content).digest())).decode(),
    )  # fmt: skip
    return sealed_house(house.order)


@pytest.fixture
def quick_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (verify_proof, bagged):
        monkeypatch.setattr(module, "is_signed", signed_by)


def index_of(files: Files) -> Any:
    return json.loads(files["data/index.json"])


def bent_index(bend: Callable[[Any], None]) -> Callable[[Files], Files]:
    def bent(files: Files) -> Files:
        index = index_of(files)
        bend(index)
        return {**files, "data/index.json": json.dumps(index).encode()}

    return bent


def put(name: str, content: bytes) -> Callable[[Files], Files]:
    return lambda files: {**files, f"data/ledger/stamps/{name}": content}


def later(index: Any) -> None:
    index["stamps"][0]["stamped_at"] = "2026-11-03T09:00:05.120Z"


def of_another_size(index: Any) -> None:
    index["stamps"][0]["size"] += 1


def left_out(index: Any) -> None:
    index["stamps"] = []


OTHER = an_answer(hashlib.sha256(b"something else").digest())
FORGERIES: tuple[tuple[Callable[[Files], Files], str], ...] = (
    (put("TSP-000001.tsr", OTHER), "is a stamp of something else"),
    (put("TSP-000001.tsr", OTHER), "is not the stamp that the ledger keeps as TSP-000001"),
    (put("TSP-000001.tsr", GOOD[:-1]), "data/ledger/stamps/TSP-000001.tsr cannot be read"),
    (put("TSP-000001.json", b"{}"), "is not a checkpoint that is proved here"),
    (put("TSP-000009.tsr", OTHER), "TSP-000009.tsr is a stamp that the index does not name"),
    (bent_index(later), "was stamped at 2026-11-02T09:00:05.120Z, not as is told"),
    (bent_index(of_another_size), "is not a checkpoint that is proved here"),
    (bent_index(left_out), "TSP-000001.tsr is a stamp that the index does not name"),
)


@pytest.mark.django_db
def test_the_stamp_of_the_checkpoint_is_in_the_pack_and_its_limits_are_told(
    stamped_house: House, tmp_path: Path, capsys: Any, quick_signatures: None
) -> None:
    top, files = opened(stamped_house.pack()[0])
    (told,) = index_of(files)["stamps"]
    assert told["stamped_at"] == "2026-11-02T09:00:05.120Z"
    assert stamped(files[f"data/{told['token']}"])[0] == hashlib.sha256(files[f"data/{told['checkpoint']}"]).digest()
    page = files["data/view/en/proof.html"].decode()
    assert "2026-11-02 17:00" in page  # in the zone of the order, eight hours ahead
    assert "openssl ts -verify" in page

    code, says = verdict(closed(top, files), tmp_path, capsys)
    assert code == 0, says
    assert "All 1 time stamps are of checkpoints that this ledger begins with." in says
    assert (
        "Who signed the stamp is not checked here; to check it: openssl ts -verify "
        "-data data/ledger/stamps/TSP-000001.json -in data/ledger/stamps/TSP-000001.tsr -CAfile AUTHORITY.pem" in says
    )
    for forge, sentence in FORGERIES:
        code, says = verdict(closed(top, signed_anew(forge(files))), tmp_path, capsys)
        assert (code, sentence in says) == (1, True), (sentence, says)


@pytest.mark.django_db
def test_a_stamp_that_came_after_the_checkpoint_of_a_pack_is_not_in_it(house: House, stamped_house: House) -> None:
    before, after = (opened(one.pack()[0])[1] for one in (house, stamped_house))
    assert index_of(before)["stamps"] == []
    assert len(index_of(after)["stamps"]) == 1
