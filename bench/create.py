"""How many incidents a second are recorded by REST, all effects included; moved and commented on; and listed.

    GNOMON_HOME=/tmp/big ./run bench create [--rounds 3] [--workers 2] [--json]

Starts the real server with two web workers and its job worker over what the installation holds, and asks it in a
closed loop over kept connections, with 1 client and with 8, once the worker is at rest: it verifies the ledger and
counts days when it starts on a copy. What a burst leaves to it, it does while the next one runs. The work is that of
the comparison with others: a title of 60 characters, a description of 600, priorities alike, a requester; then *in
progress* and a comment of 200 characters, in one call; then a list by status and priority of 25 a page; then the page
of the queue, 50 rows, as a browser asks for it while nobody writes. What was acknowledged is counted in the database
afterwards. With GNOMON_DATABASE_URL the same on PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

WORDS = (
    "printer", "network", "login", "email", "laptop", "vpn", "server", "disk", "account", "password", "mail", "screen",
    "report", "invoice", "access", "update", "backup", "phone", "meeting", "room", "license", "install", "error",
    "slow", "crash", "portal", "form", "token", "cable", "switch",
)  # fmt: skip
BEST_OF_OTHERS = {"create": 108.7, "update": 119.6, "list": 40.7, "page": 15.1}  # a second, 8 clients, 100,000 records
LOADS = ((1, 150), (8, 1600))
AT_REST = 0.1  # processors, over some seconds
PATIENCE = 900  # seconds


def text(begins: str, at: int, length: int) -> str:
    """A text of exactly this length, another one for each number."""
    words = " ".join(WORDS[(at * 7 + word * 5) % len(WORDS)] for word in range(length // 4))
    return f"{begins} {words}"[: length - 1].ljust(length - 1, "x") + "."


class Connection:
    """One kept connection; answers are read by their length."""

    def __init__(self, port: int, shows: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f"Host: 127.0.0.1\r\n{shows}\r\nContent-Type: application/json\r\n"

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        sent = b"" if body is None else json.dumps(body).encode()
        start = f"{method} {path} HTTP/1.1\r\n{self.head}Content-Length: {len(sent)}\r\n\r\n".encode()
        self.socket.sendall(start + sent)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _blank, rest = got.partition(b"\r\n\r\n")
        if b"content-length:" not in head.lower():
            raise RuntimeError(head[:300])
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(rest) < length:
            rest += self._more()
        return int(head[9:12]), rest

    def _more(self) -> bytes:
        got = self.socket.recv(262_144)
        if not got:
            raise ConnectionError("The server closed the connection.")
        return got


def main() -> int:
    """Measure, print, and fail when others were quicker."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--port", type=int, default=8497)
    parser.add_argument("--json", action="store_true", help="answer for machines")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
    import django

    django.setup()
    from bench.import_servicenow import machine
    from gnomon.resolution.models import Incident

    held = Incident.objects.count()
    rounds = []
    server = served(asked)
    try:
        memory = _memory(server.pid)
        stage = Stage(asked.port, server.pid)
        for _round in range(asked.rounds):
            for clients, times in LOADS:
                rounds += [stage.create(clients, times), stage.update(clients, times // 2)]
                rounds += [stage.list(clients, times), stage.page(clients, times // 2)]
        under_load = _memory(server.pid)
    finally:
        server.terminate()
        server.wait()
    missing = stage.missing()
    answer = {
        "benchmark": "create", "incidents": held, "machine": machine(), "memory_mb": memory, "loaded_mb": under_load,
        "acknowledged_and_missing": missing, "rounds": rounds,
    }  # fmt: skip
    if asked.json:
        print(json.dumps(answer, indent=2))
    else:
        _print(answer)
    best = max(one["per_second"] for one in rounds if one["work"] == "create" and one["clients"] == 8)
    return int(missing > 0 or best <= BEST_OF_OTHERS["create"])


class Stage:
    """The loads, each run by so many clients at once."""

    def __init__(self, port: int, server: int) -> None:
        from django.test import Client

        from gnomon.organization.actions import make_token
        from gnomon.organization.models import Person
        from gnomon.records.actors import SYSTEM

        bob = Person.objects.get(username="bob")
        _token, secret = make_token(bob, name=f"bench {time.time()}", by=SYSTEM)
        signed_in = Client()
        signed_in.force_login(bob)
        cookies = "; ".join(f"{name}={one.value}" for name, one in signed_in.cookies.items())
        self.program, self.browser = f"Authorization: Bearer {secret}", f"Cookie: {cookies}"
        requesters = Person.objects.filter(status="active", roles=["requester"])
        self.requesters = list(requesters.values_list("number", flat=True)[:500])
        self.port, self.server = port, server
        self.counter = count(int(time.time()) % 10_000_000)
        self.made: list[str] = []
        self.new: list[str] = []

    def create(self, clients: int, times: int) -> dict[str, Any]:
        def one(line: Connection) -> None:
            at = next(self.counter)
            body = {
                "title": text(f"T{at:08d}", at, 60), "description": text(f"Case {at}:", at, 600),
                "impact": 1 + at % 3, "urgency": 1 + at // 3 % 3,
                "requester": self.requesters[at % len(self.requesters)],
            }  # fmt: skip
            status, told = line.ask("POST", "/api/v1/incidents", body)
            if status != 201:
                raise RuntimeError(told[:300])
            number = json.loads(told)["number"]
            self.made.append(number)
            self.new.append(number)

        return self._load("create", clients, times, one)

    def update(self, clients: int, times: int) -> dict[str, Any]:
        def one(line: Connection) -> None:
            number, at = self.new.pop(), next(self.counter)
            said = {"text": text(f"Comment {at}:", at, 200), "internal": True}
            status, told = line.ask("POST", f"/api/v1/incidents/{number}/moves/start", {"comment": said})
            if status != 200:
                raise RuntimeError(told[:300])

        return self._load("update", clients, min(times, len(self.new) - clients), one)

    def list(self, clients: int, times: int) -> dict[str, Any]:
        address = "/api/v1/incidents?status=new&priority=2&limit=25"
        pages, line, after = [address], Connection(self.port, self.program), ""
        for _page in range(2):
            after = json.loads(line.ask("GET", pages[-1])[1])["next"]
            pages.append(f"{address}&cursor={after}")

        def one(line: Connection) -> None:
            status, told = line.ask("GET", pages[next(self.counter) % 3])
            if status != 200:
                raise RuntimeError(told[:300])

        return self._load("list", clients, times, one)

    def page(self, clients: int, times: int) -> dict[str, Any]:
        def one(line: Connection) -> None:
            status, told = line.ask("GET", "/resolution/incidents/?view=all")
            if status != 200:
                raise RuntimeError(told[:300])

        return self._load("page", clients, times, one, shows=self.browser)

    def missing(self) -> int:
        """How many of the acknowledged incidents are not there."""
        from gnomon.resolution.models import Incident

        there = 0
        for start in range(0, len(self.made), 500):
            there += Incident.objects.filter(number__in=self.made[start : start + 500]).count()
        return len(self.made) - there

    def _load(
        self, work: str, clients: int, times: int, one: Callable[[Connection], None], shows: str = ""
    ) -> dict[str, Any]:
        took: list[float] = []
        failures: list[str] = []
        left = iter(range(times))

        def client(line: Connection) -> None:
            for _turn in left:
                began = time.perf_counter()
                try:
                    one(line)
                except (OSError, RuntimeError, IndexError) as failure:
                    failures.append(repr(failure))
                    return
                took.append(time.perf_counter() - began)

        lines = [Connection(self.port, shows or self.program) for _client in range(clients)]
        for line in lines:
            one(line)  # once, so that each worker has what it remembers
        threads = [threading.Thread(target=client, args=(line,)) for line in lines]
        used = _processor_seconds(self.server)
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
        web, worker = (now - then for now, then in zip(_processor_seconds(self.server), used, strict=True))
        took.sort()
        return {
            "work": work, "clients": clients, "count": len(took), "failures": failures[:3],
            "per_second": round(len(took) / seconds, 1), "p50_ms": _ms(took, 0.5), "p95_ms": _ms(took, 0.95),
            "p99_ms": _ms(took, 0.99), "load": round(os.getloadavg()[0], 1),
            "web_cpu_ms": round(web / max(1, len(took)) * 1000, 2),
            "worker_cpu_ms": round(worker / max(1, len(took)) * 1000, 2),
        }  # fmt: skip


def _ms(took: Sequence[float], share: float) -> float:
    return round(took[min(len(took) - 1, int(len(took) * share))] * 1000, 1) if took else 0.0


def served(asked: argparse.Namespace) -> subprocess.Popen[bytes]:
    """The real server, once it answers and has done what falls due when it starts: what a night or an hour missed."""
    server = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-m", "gnomon.project.command", "serve", "--port", str(asked.port), "--workers",
         str(asked.workers), "--threads", str(asked.threads)], stdout=subprocess.PIPE,
    )  # fmt: skip
    assert server.stdout is not None
    if b"Gnomon is at" not in server.stdout.readline():
        raise SystemExit("The server did not start; its own message is above.")
    end, used = time.monotonic() + PATIENCE, 0.0
    while time.monotonic() < end:
        time.sleep(5)
        before, used = used, sum(_processor_seconds(server.pid))
        if used - before < 5 * AT_REST:
            return server
    server.terminate()
    raise SystemExit(f"The worker was not at rest after {PATIENCE} s. Look at `gnomon jobs`.")


def _family(parent: int) -> set[int]:
    """A process and all below it."""
    below = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)  # noqa: S607
    pairs = [tuple(map(int, line.split())) for line in below.stdout.splitlines()]
    family = {parent}
    for _generation in range(5):
        family |= {pid for pid, ppid in pairs if ppid in family}
    return family


def _processor_seconds(parent: int) -> tuple[float, float]:
    """What the web processes and the job worker have used of the processor so far, each with its children."""
    web = worker = 0.0
    for pid in _family(parent):
        try:
            parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            is_web = b"web" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        used = (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
        web, worker = (web + used, worker) if is_web else (web, worker + used)
    return web, worker


def _memory(parent: int) -> float:
    """Megabytes of a process and all below it, shared pages divided among those that share them."""
    total = 0
    for pid in _family(parent):
        try:
            with open(f"/proc/{pid}/smaps_rollup") as lines:
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except OSError:
            continue
    return round(total / 1024, 1)


def _print(answer: dict[str, Any]) -> None:
    on = answer["machine"]
    print(
        f"{answer['incidents']:,} incidents, {on['database']}, {on['cores']} cores; "
        f"{answer['memory_mb']} MB idle, {answer['loaded_mb']} MB after load; "
        f"{answer['acknowledged_and_missing']} acknowledged incidents are missing"
    )
    for work in ("create", "update", "list", "page"):
        for clients, _times in LOADS:
            some = [one for one in answer["rounds"] if one["work"] == work and one["clients"] == clients]
            rates = [one["per_second"] for one in some]
            print(
                f"{work:8}{clients:3} clients {median(rates):8.1f}/s [{min(rates)}..{max(rates)}]"
                f"   p50 {median(one['p50_ms'] for one in some)} ms, p95 {median(one['p95_ms'] for one in some)} ms"
                f"   cpu {median(one['web_cpu_ms'] for one in some)} ms each, worker beside"
                f" {median(one['worker_cpu_ms'] for one in some)} ms   load {some[-1]['load']}"
                + (f"   {some[-1]['failures']}" if some[-1]["failures"] else "")
            )


if __name__ == "__main__":
    sys.exit(main())
