"""What a request costs: seconds of the processor inside one process, and how often it asks the database.

    GNOMON_HOME=/tmp/big ./run bench cost [--times 300] [--only WORD] [--profile] [--json]

From the request as the web server hands it over to the finished answer, with the whole stack of middleware, in one
thread: the work of `./run bench create` without its connections. Other people's load hardly moves processor time.
What a write leaves to the worker is counted too: all jobs that became due are run at the end, their time divided
among the writes. `--profile` prints where the time goes. With GNOMON_DATABASE_URL the same on PostgreSQL, whose own
time, where it runs beside, stands under *db ms*.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import os
import pstats
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from bench.pages import database_ms

Ask = Callable[[], Any]
LIST = "/api/v1/incidents?status=new&priority=2&limit=25"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=300, help="requests of each sort")
    parser.add_argument("--only", default="", help="only those whose name holds this")
    parser.add_argument("--profile", action="store_true", help="where the time goes, the dearest first")
    parser.add_argument("--lines", type=int, default=45, help="lines of the profile")
    parser.add_argument("--json", action="store_true", help="answer for machines")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
    import django

    django.setup()
    from bench.import_servicenow import machine
    from gnomon.project.settling import settle
    from gnomon.resolution.models import Incident

    wanted = [(name, ask) for name, ask in requests().items() if asked.only in name]
    _jobs_run()
    for _turn in range(20):
        for _name, ask in wanted:
            ask()
    _jobs_run()
    settle()  # as a web process does after its first requests
    told = [_measured(name, ask, asked) for name, ask in wanted]
    answer = {"benchmark": "cost", "incidents": Incident.objects.count(), "machine": machine(), "requests": told}
    print(json.dumps(answer, indent=2) if asked.json else _in_words(answer))
    return 0


def requests() -> dict[str, Ask]:
    """What is asked, by name."""
    from django.test import Client

    from bench.create import text
    from gnomon.organization.actions import make_token
    from gnomon.organization.models import Person
    from gnomon.records.actors import SYSTEM
    from gnomon.resolution.models import Incident

    bob = Person.objects.get(username="bob")
    _token, secret = make_token(bob, name=f"bench {time.time()}", by=SYSTEM)
    program = Asking(HTTP_AUTHORIZATION=f"Bearer {secret}")
    signed_in = Client()
    signed_in.force_login(bob)
    browser = Asking(HTTP_COOKIE="; ".join(f"{name}={one.value}" for name, one in signed_in.cookies.items()))
    active = Person.objects.filter(status="active", roles=["requester"])
    requesters = list(active.values_list("number", flat=True)[:500])
    numbers, made = count(int(time.time()) % 10_000_000), list[str]()
    new = list(Incident.objects.filter(status="new").order_by("pk").values_list("number", flat=True)[:5000])

    def create() -> None:
        at = next(numbers)
        told = program("POST", "/api/v1/incidents", {
            "title": text(f"T{at:08d}", at, 60), "description": text(f"Case {at}:", at, 600),
            "impact": 1 + at % 3, "urgency": 1 + at // 3 % 3, "requester": requesters[at % len(requesters)],
        })  # fmt: skip
        made.append(json.loads(told)["number"])

    def update() -> None:
        at = next(numbers)
        said = {"text": text(f"Comment {at}:", at, 200), "internal": True}
        program("POST", f"/api/v1/incidents/{new.pop()}/moves/start", {"comment": said})

    return {
        "create": create, "start, comment": update, "list": lambda: program("GET", LIST),
        "record": lambda: program("GET", f"/api/v1/incidents/{made[-1]}") if made else create(),
        "queue page": lambda: browser("GET", "/resolution/incidents/"),
    }  # fmt: skip


class Asking:
    """Ask the application as a web server does, without the test client's own work."""

    def __init__(self, **headers: str) -> None:
        from django.core.wsgi import get_wsgi_application

        self.application: Any = get_wsgi_application()
        self.headers = headers

    def __call__(self, method: str, address: str, body: Any = None) -> bytes:
        sent = b"" if body is None else json.dumps(body).encode()
        path, _mark, query = address.partition("?")
        status: list[str] = []
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "", "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1",
            "CONTENT_TYPE": "application/json" if sent else "", "CONTENT_LENGTH": str(len(sent)),
            "wsgi.input": io.BytesIO(sent), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", **self.headers,
        }  # fmt: skip
        answer = self.application(environ, lambda line, _headers: status.append(line))
        told = b"".join(answer)
        answer.close()
        if status[0][:2] != "20":
            raise RuntimeError(f"{method} {address}: {status[0]} {told[:300]!r}")
        return told


def _measured(name: str, ask: Ask, asked: argparse.Namespace) -> dict[str, Any]:
    from django.db import connection

    profile = cProfile.Profile()
    took, before = [], database_ms()
    for _turn in range(asked.times):
        began = time.process_time()
        ask()
        took.append(time.process_time() - began)
    beside, before = database_ms() - before, database_ms()
    later, jobs = _jobs_run()
    beside_later = database_ms() - before
    queries: list[str] = []

    def heard(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(heard):
        ask()
    if asked.profile:
        profile.runcall(lambda: [ask() for _turn in range(asked.times)])
        _tell(name, profile, asked, queries)
    took.sort()
    mean = sum(took) / len(took) * 1000
    return {
        "name": name, "cpu_ms": round(mean, 2), "least_ms": round(took[0] * 1000, 2), "queries": len(queries),
        "p50_ms": round(took[len(took) // 2] * 1000, 2), "later_ms": round(later / asked.times * 1000, 2),
        "database_ms": round(beside / asked.times, 2), "database_later_ms": round(beside_later / asked.times, 2),
        "jobs": round(jobs / asked.times, 2), "per_core_second": round(1000 / mean),
    }  # fmt: skip


def _jobs_run() -> tuple[float, int]:
    """Run all jobs that are due as the worker does; processor seconds, and how many."""
    from gnomon.jobs.worker import Worker

    began = time.process_time()
    done = Worker().drain()
    return time.process_time() - began, done


def _tell(name: str, profile: cProfile.Profile, asked: argparse.Namespace, queries: list[str]) -> None:
    print(f"=== {name}")
    for query in queries:
        print("   ", query)
    for order in ("cumulative", "tottime"):
        text = io.StringIO()
        pstats.Stats(profile, stream=text).strip_dirs().sort_stats(order).print_stats(asked.lines)
        print(text.getvalue())


def _in_words(answer: dict[str, Any]) -> str:
    on = answer["machine"]
    lines = [
        f"{answer['incidents']:,} incidents, {on['database']}, load {on['load'][0]}",
        f"{'':20}{'cpu ms':>9}{'p50':>9}{'least':>9}{'db ms':>9}{'queries':>9}"
        f"{'a core s':>10}{'later ms':>10}{'db ms':>9}{'jobs':>7}",
    ]
    lines += [
        f"{one['name']:20}{one['cpu_ms']:9}{one['p50_ms']:9}{one['least_ms']:9}{one['database_ms']:9}"
        f"{one['queries']:9}{one['per_core_second']:10}{one['later_ms']:10}{one['database_later_ms']:9}{one['jobs']:7}"
        for one in answer["requests"]
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
