"""One question to a time-stamping authority (RFC 3161 §3.4): little time, a small answer, and nothing believed."""

from __future__ import annotations

import http.client
import threading
import time
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

ALL_WITHIN = 15.0
LARGEST = 64 * 1024


class NotStamped(Exception):
    """The authority gave no stamp that holds; its text is a sentence."""


def ask(url: str, request: bytes, within: float = ALL_WITHIN) -> bytes:
    """POST a request; the answer's bytes. NotStamped says what went wrong."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=within)
    until = time.monotonic() + within
    # A byte now and then would never run into a limit on single reads.
    hang_up = threading.Timer(within, lambda: _hang_up(connection))
    hang_up.daemon = True
    hang_up.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, request, {"Content-Type": "application/timestamp-query"})
        answer = connection.getresponse()
        content = answer.read(LARGEST + 1)
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        if time.monotonic() >= until:
            raise NotStamped(
                _("The authority did not end its answer within %(seconds)d seconds.") % {"seconds": within}
            ) from None
        raise NotStamped(
            _("The authority cannot be reached: %(error)s.") % {"error": error or type(error).__name__}
        ) from None
    finally:
        hang_up.cancel()
        connection.close()
    if time.monotonic() >= until:
        raise NotStamped(_("The authority did not end its answer within %(seconds)d seconds.") % {"seconds": within})
    if answer.status != http.client.OK:
        raise NotStamped(_("The authority answered with status %(status)d.") % {"status": answer.status})
    if len(content) > LARGEST:
        raise NotStamped(_("The authority answered with more than %(most)d bytes.") % {"most": LARGEST})
    return content


def _hang_up(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        connection.sock.shutdown(2)
