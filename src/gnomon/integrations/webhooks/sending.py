"""One POST to a receiver, which is given little time and no chance to lead us elsewhere."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from gnomon import __version__
from gnomon.integrations.webhooks.addresses import address_of
from gnomon.integrations.webhooks.refusals import NotSent

CONNECT_WITHIN = 3.0
READ_WITHIN = 5.0
ALL_WITHIN = 8.0
SNIPPET = 2000


@dataclass(frozen=True, slots=True)
class Answered:
    """What a receiver answered, as far as people need it to find a fault."""

    status: int
    snippet: str

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


def send(url: str, headers: Mapping[str, str], body: bytes) -> Answered:
    """POST the body; no redirect is followed, and after eight seconds in all we hang up. NotSent says what failed."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    until = time.monotonic() + ALL_WITHIN
    connection = _Pinned(
        parts.hostname or "", port, address_of(parts, port, CONNECT_WITHIN), parts.scheme == "https"
    )  # fmt: skip
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # A receiver that sends a byte now and then would never run into a limit on single reads.
    hang_up = threading.Timer(max(0.1, until - time.monotonic()), connection.hang_up)
    hang_up.daemon = True
    hang_up.start()
    try:
        connection.request(
            "POST", path, body, {"User-Agent": f"Gnomon/{__version__}", "Connection": "close", **headers}
        )
        answer = connection.getresponse()
        text = answer.read(SNIPPET)
        if time.monotonic() >= until:
            raise TimeoutError
        return Answered(answer.status, text.decode("utf-8", "replace").replace("\x00", ""))
    except TimeoutError:
        within = ALL_WITHIN if time.monotonic() >= until else READ_WITHIN
        raise NotSent(f"The receiver did not end its answer within {within:.0f} seconds.") from None
    except ssl.SSLError as error:
        raise NotSent(f"The certificate or the encryption of the receiver is not sound: {error.reason}.") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= until:
            raise NotSent(f"The receiver did not end its answer within {ALL_WITHIN:.0f} seconds.") from None
        raise NotSent(f"The connection failed: {error or type(error).__name__}.") from None
    finally:
        hang_up.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, under the name that the certificate must show."""

    def __init__(self, host: str, port: int, address: str, secure: bool) -> None:
        super().__init__(host, port, timeout=READ_WITHIN)
        self.default_port = 443 if secure else 80  # else the Host header names the port
        self.address, self.secure = address, secure

    def connect(self) -> None:
        line = socket.create_connection((self.address, self.port), CONNECT_WITHIN)
        line.settimeout(READ_WITHIN)
        if self.secure:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=self.host)
        # Kept beside `sock`, which is given away to the answer before that is read.
        self.sock = self.line = line

    def hang_up(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            self.line.shutdown(socket.SHUT_RDWR)
