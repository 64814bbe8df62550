"""What it costs to let a hundred agents watch the desk queue.

    ./run bench watchers [--home DIR] [--watchers 100] [--seconds 30] [--changes 6] [--records] [--json]

Each watcher is a person of its own, signed in, who asks for their queue as the page does: every 2.5 seconds,
with the ETag of what they have. Meanwhile `--changes` incidents a minute are changed. Told are the share of one
core that the web server took, and how long after a change the last watcher had it. The promise: under 15 % of
one core. Without `--home` a demo organisation is made, which takes a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "gnomon.project.command")
QUEUE = "/resolution/incidents/?phase=unresolved&sort=due_at"
EVERY = 2.5
MOST_SHARE = 0.15


@dataclass
class Seen:
    """What the watchers were answered."""

    asked: int = 0
    pages: int = 0
    unchanged: int = 0
    failed: int = 0
    taken: list[float] = field(default_factory=list)


def main() -> int:
    """Measure, print, and fail when the promise is not kept."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="gnomon-bench-") as folder:
        home = asked.home or Path(folder)
        os.environ |= {"GNOMON_HOME": str(home), "DJANGO_SETTINGS_MODULE": "gnomon.project.settings"}
        subprocess.run([*COMMAND, "init", "--demo"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        cookies = _sign_in(asked.watchers)
        paths, seen = _paths(asked, len(cookies)), _numbers_seen(max(1, asked.changes * asked.seconds // 60))
        with _served(asked.port) as web:
            answer = asyncio.run(_watch(asked, cookies, paths, seen, web))
    print(json.dumps(answer, indent=2) if asked.json else _in_words(answer))
    return 0 if answer["share_of_one_core"] < MOST_SHARE and not answer["failed"] else 1


def _sign_in(many: int) -> list[str]:
    """Session cookies of that many agents."""
    import django

    django.setup()
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from gnomon.organization.kinds import PERSON
    from gnomon.organization.models import Person
    from gnomon.records import actions
    from gnomon.records.actors import SYSTEM

    store = import_module(settings.SESSION_ENGINE).SessionStore
    cookies = []
    for n in range(many):
        name = f"watcher{n}"
        person: Any = Person.objects.filter(username=name).first() or actions.record(
            PERSON, by=SYSTEM, title=f"Watcher {n}", username=name, roles=["agent"]
        )
        session = store()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies


@contextmanager
def _served(port: int) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with subprocess.Popen([*COMMAND, "serve", "--port", str(port)], stdout=subprocess.PIPE) as served:  # noqa: S603 - our own
        try:
            assert served.stdout is not None
            address = served.stdout.readline().decode().split()[-1]
            yield int(address.rstrip("/").rpartition(":")[2]), served
        finally:
            served.terminate()


async def _watch(
    asked: argparse.Namespace, cookies: list[str], paths: list[str], numbers: list[str], web: tuple[int, Any]
) -> dict[str, Any]:
    port, served = web
    seen = Seen()
    # The first pages are what any page costs; only the watching counts.
    tags = await asyncio.gather(*(_first(port, c, p) for c, p in zip(cookies, paths, strict=True)))
    children = _web_processes(served.pid)
    used, began = sum(map(_processor_seconds, children)), time.monotonic()
    until = began + asked.seconds
    watchers = [
        _watcher(port, cookie, path, tag, began + EVERY * n / len(cookies), until, seen)
        for n, (cookie, path, tag) in enumerate(zip(cookies, paths, tags, strict=True))
    ]
    changes = asyncio.to_thread(_change, numbers if asked.changes else [], asked.seconds)
    await asyncio.gather(changes, *watchers)
    used, wall = sum(map(_processor_seconds, children)) - used, time.monotonic() - began
    taken = sorted(seen.taken)
    return {
        "benchmark": "watchers", "watchers": len(cookies), "seconds": round(wall, 1), "asked": seen.asked,
        "unchanged": seen.unchanged, "sent": seen.pages, "failed": seen.failed,
        "changes_a_minute": asked.changes, "share_of_one_core": round(used / wall, 3),
        "milliseconds_of_processor_each": round(1000 * used / max(seen.asked, 1), 2),
        "answered_within_ms": {"p50": _at(taken, 0.5), "p95": _at(taken, 0.95), "max": _at(taken, 1.0)},
    }  # fmt: skip


def _paths(asked: argparse.Namespace, many: int) -> list[str]:
    if not asked.records:
        return [QUEUE] * many
    from gnomon.resolution.models import Incident

    return [one.get_absolute_url() for one in Incident.objects.order_by("-id")[:many]]


async def _first(port: int, cookie: str, path: str) -> str:
    _status, tag = await _ask(*(await asyncio.open_connection("127.0.0.1", port)), cookie, path, "")
    return tag


async def _watcher(port: int, cookie: str, path: str, tag: str, start: float, until: float, seen: Seen) -> None:
    """One page that somebody leaves open."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    next_at = start
    while next_at < until:
        await asyncio.sleep(max(0.0, next_at - time.monotonic()))
        began = time.monotonic()
        status, fresh = await _ask(reader, writer, cookie, path, tag)
        seen.taken.append(time.monotonic() - began)
        seen.asked += 1
        seen.unchanged += status == 304
        seen.pages += status == 200
        seen.failed += status not in (200, 304)
        tag, next_at = fresh or tag, next_at + EVERY
    writer.close()


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cookie: str, path: str, tag: str
) -> tuple[int, str]:
    target = "rows" if "?" in path else "live"
    lines = [
        f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {cookie}", "HX-Request: true", f"HX-Target: {target}",
        "Accept-Language: en", *([f"If-None-Match: {tag}"] if tag else []), "", "",
    ]  # fmt: skip
    writer.write("\r\n".join(lines).encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in head[1:])}
    status = int(head[0].split()[1])
    if status != 304:
        await _body(reader, headers)
    return status, headers.get("etag", "")


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> None:
    if "content-length" in headers:
        await reader.readexactly(int(headers["content-length"]))
        return
    while size := int(await reader.readuntil(b"\r\n"), 16):
        await reader.readexactly(size + 2)
    await reader.readexactly(2)


def _numbers_seen(many: int) -> list[str]:
    """Incidents that stand on the page that everybody watches: each change of one is sent to all."""
    from gnomon.records.actors import SYSTEM
    from gnomon.records.kinds import kind_named
    from gnomon.records.listing import Listing

    page = Listing.of(kind_named("incident"), SYSTEM, {"phase": "unresolved", "sort": "due_at"}).page()
    return [page.records[turn % len(page.records)].number for turn in range(many)]


def _change(numbers: list[str], seconds: int) -> None:
    """Change incidents at an even pace, as colleagues of the watchers do."""
    from gnomon.records import actions
    from gnomon.records.actors import SYSTEM
    from gnomon.resolution.models import Incident

    for turn, number in enumerate(numbers):
        time.sleep(seconds / (len(numbers) + 1))
        actions.change(Incident.objects.get(number=number), by=SYSTEM, subcategory=f"turn {time.time():.0f} {turn}")


def _web_processes(pid: int) -> list[int]:
    """The web server under `gnomon serve` and all that it started."""
    found = [child for child in _children(pid) if b"web" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")]
    for one in found:
        found += _children(one)
    return found


def _children(pid: int) -> list[int]:
    return [int(n) for task in Path(f"/proc/{pid}/task").glob("*/children") for n in task.read_text().split()]


def _processor_seconds(pid: int) -> float:
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def _at(taken: list[float], share: float) -> float:
    return round(1000 * taken[min(int(share * len(taken)), len(taken) - 1)], 1) if taken else 0.0


def _in_words(told: dict[str, Any]) -> str:
    return (
        f"{told['watchers']} watchers for {told['seconds']} s: {told['asked']} questions, {told['unchanged']} answered "
        f"“nothing new”, {told['sent']} with a page, {told['failed']} failed; {told['changes_a_minute']} changes a "
        f"minute.\nThe web server took {100 * told['share_of_one_core']:.1f} % of one core, "
        f"{told['milliseconds_of_processor_each']} ms a question; answers within {told['answered_within_ms']} ms."
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="an installation with the demo organisation in it")
    parser.add_argument("--port", type=int, default=0, help="port to serve on; 0 takes a free one")
    parser.add_argument("--watchers", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--changes", type=int, default=6, help="changes of incidents a minute")
    parser.add_argument("--records", action="store_true", help="watch record pages instead of the queue")
    parser.add_argument("--json", action="store_true", help="answer for machines")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
