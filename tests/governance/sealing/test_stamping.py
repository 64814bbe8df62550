"""A time-stamping authority of our own, on this machine, says when a checkpoint existed; hostile ones are refused."""

from __future__ import annotations

import base64
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import connection

from gnomon.governance.models import TimeStamp
from gnomon.governance.sealing import asking, stamping
from gnomon.governance.sealing.asking import NotStamped
from gnomon.portfolio.kinds import service as SERVICE
from gnomon.records import actions
from gnomon.records.actors import SYSTEM
from gnomon.records.ledger.seal import seal_ledger
from gnomon.records.ledger.triggers import unguard
from gnomon.records.ledger.verification import verify_ledger
from gnomon.records.models import Checkpoint

OPENSSL = shutil.which("openssl")
pytestmark = [
    pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed, so there is no authority to ask"),
    pytest.mark.skipif(
        __import__("importlib.util", fromlist=["util"]).find_spec("rfc3161_client") is None,
        reason="the extra “stamps” is not installed",
    ),
]
CONFIG = """
[ tsa ]
default_tsa = tsa_config
[ tsa_config ]
dir = {folder}
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""
EXTENSIONS = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n"


def openssl(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    assert OPENSSL is not None
    return subprocess.run([OPENSSL, *arguments], cwd=cwd, capture_output=True, timeout=60, check=True)


def made_authority(folder: Path) -> Path:
    """A certificate authority, and the certificate of a stamping authority under it."""
    folder.mkdir()
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
        "-subj", "/O=Test/CN=Root", "-addext", "basicConstraints=critical,CA:TRUE",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign", cwd=folder,
    )  # fmt: skip
    openssl(
        "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/O=Test/CN=Stamps",
        cwd=folder,
    )  # fmt: skip
    (folder / "ext").write_text(EXTENSIONS)
    openssl(
        "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "tsa.pem",
        "-days", "30", "-extfile", "ext", cwd=folder,
    )  # fmt: skip
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    return folder


def answered(folder: Path, request: bytes) -> bytes:
    (folder / "request.tsq").write_bytes(request)
    openssl(
        "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa_config", "-queryfile", "request.tsq", "-out", "reply.tsr",
        cwd=folder,
    )  # fmt: skip
    return (folder / "reply.tsr").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_authority(tmp_path_factory.mktemp("authority") / "good")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_authority(tmp_path_factory.mktemp("authority") / "stranger")


class Door(BaseHTTPRequestHandler):
    """Answers what the test wants answered."""

    answer: ClassVar[Callable[[bytes], bytes | None]]
    status: ClassVar[int] = 200

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers["Content-Length"]))
        content = type(self).answer(request)
        if content is None:  # hang
            time.sleep(3)
            return
        self.send_response(type(self).status)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def door(authority: Path, settings: Any) -> Iterator[type[Door]]:
    class Own(Door):
        answer = staticmethod(lambda request: answered(authority, request))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.STAMP_URL = f"http://127.0.0.1:{server.server_port}/tsa"
    settings.STAMP_CA = authority / "ca.pem"
    yield Own
    server.shutdown()
    server.server_close()


@pytest.fixture
def sealed(db: None) -> Checkpoint:
    actions.record(SERVICE, by=SYSTEM, title="Mail")
    seal_ledger()
    return Checkpoint.objects.get()


def wanted() -> TimeStamp:
    made = stamping.want_stamp()
    assert made is not None
    return made


def test_a_checkpoint_is_stamped_and_the_stamp_verifies(sealed: Checkpoint, door: type[Door]) -> None:
    kept = stamping.stamp(wanted().number)
    assert (kept.status, kept.size) == ("kept", sealed.size)
    verification = verify_ledger()
    assert verification.faults == ()
    assert verification.further["time_stamps"] == 1
    assert stamping.want_stamp() is None, "this checkpoint is stamped already"


def test_an_outsider_checks_it_with_openssl_alone(
    sealed: Checkpoint, door: type[Door], authority: Path, tmp_path: Path
) -> None:
    kept = stamping.stamp(wanted().number)
    (tmp_path / "checkpoint.json").write_bytes(stamping.checkpoint_bytes(sealed))
    (tmp_path / "answer.tsr").write_bytes(base64.b64decode(kept.token))
    said = openssl(
        "ts",
        "-verify",
        "-data",
        "checkpoint.json",
        "-in",
        "answer.tsr",
        "-CAfile",
        str(authority / "ca.pem"),
        cwd=tmp_path,
    )
    assert b"Verification: OK" in said.stdout + said.stderr


def hostile(authority: Path, stranger: Path) -> dict[str, Callable[[bytes], bytes | None]]:
    from gnomon.governance.sealing.tokens import request_for

    other, _nonce = request_for(b"something else")
    again, _nonce = request_for(stamping.checkpoint_bytes(Checkpoint.objects.get()))

    def spoilt(request: bytes) -> bytes:
        whole = bytearray(answered(authority, request))
        whole[-20] ^= 1
        return bytes(whole)

    return {
        "another nonce": lambda _request: answered(authority, again),
        "another digest": lambda _request: answered(authority, other),
        "a stranger": lambda request: answered(stranger, request),
        "garbage": lambda _request: b"\x30\x82 nonsense",
        "nothing": lambda _request: b"",
        "a spoilt signature": spoilt,
        "too much": lambda _request: b"0" * (asking.LARGEST + 1),
        "no end": lambda _request: None,
    }


HOSTILE = [
    "another nonce", "another digest", "a stranger", "garbage", "nothing", "a spoilt signature", "too much", "no end",
]  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_answer_is_refused_with_a_sentence_and_tried_again(
    sealed: Checkpoint, door: type[Door], authority: Path, stranger: Path, monkeypatch: Any, what: str
) -> None:
    monkeypatch.setattr(asking, "ALL_WITHIN", 1.0)
    monkeypatch.setattr(asking.ask, "__defaults__", (1.0,))
    right = door.answer
    door.answer = staticmethod(hostile(authority, stranger)[what])  # type: ignore[assignment]
    stamp = wanted()
    with pytest.raises(NotStamped) as refused:
        stamping.stamp(stamp.number)
    assert str(refused.value).endswith(".")
    stamp.refresh_from_db()
    assert (stamp.status, stamp.refusals) == ("wanted", 1)
    assert stamp.last_refusal == str(refused.value)
    door.answer = right
    assert stamping.stamp(stamp.number).status == "kept"


def test_a_refusing_or_absent_authority_is_told(sealed: Checkpoint, door: type[Door], settings: Any) -> None:
    door.status = 503
    with pytest.raises(NotStamped, match="status 503"):
        stamping.stamp(wanted().number)
    settings.STAMP_URL = "http://127.0.0.1:9/"
    with pytest.raises(NotStamped, match="cannot be reached"):
        stamping.stamp(wanted().number)
    settings.STAMP_URL = ""
    assert stamping.want_stamp() is None


STAMPS = {
    "token": "UPDATE governance_timestamp SET token = replace(token, substr(token, 400, 4), 'AAAA')",
    "stamped_at": "UPDATE governance_timestamp SET stamped_at = stamped_at + 1000",
    "checkpoint": "UPDATE governance_timestamp SET checkpoint = 'x'",
    "size": "UPDATE governance_timestamp SET size = 999",
    "row": "DELETE FROM governance_timestamp",
    "key": "UPDATE records_checkpoint SET key_id = 'x'",
}


@pytest.mark.parametrize("what", STAMPS)
def test_an_altered_stamp_is_named(sealed: Checkpoint, door: type[Door], what: str) -> None:
    kept = stamping.stamp(wanted().number)
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute(STAMPS[what])
    faults = verify_ledger().faults
    assert any(fault.number == kept.number for fault in faults), faults


def test_without_the_authoritys_certificate_verification_says_that_it_did_not_look(
    sealed: Checkpoint, door: type[Door], settings: Any
) -> None:
    stamping.stamp(wanted().number)
    settings.STAMP_CA = None
    verification = verify_ledger()
    assert verification.whole
    assert any("were not verified" in note for note in verification.notes)
