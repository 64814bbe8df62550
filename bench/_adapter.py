"""Gnomon as one of the systems of the comparison: the harness of ./run bench beside reads this file by itself.

It finds the harness's `Adapter`, `title`, `descr` and `comment` in its names, and Django through the environment.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any

_given: dict[str, Any] = globals()
_Adapter: Any = _given.get("Adapter", object)
LIST = "/api/v1/incidents?status=new&priority=2&limit=25"


class Gnomon(_Adapter):  # type: ignore[misc]
    """Create, update, list and page as people and programs do them; counts come from the database itself."""

    name, host, port = "gnomon", "127.0.0.1", int(os.environ.get("GNOMON_BENCH_PORT", "8497"))
    note = "a page holds 50 rows; every effect is included: ledger, clocks, search, notices, escalation"

    def login(self) -> None:
        """A token for programs, the cookie of a session, requesters, and where the pages of the list begin."""
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
        import django

        django.setup()
        from django.test import Client

        from gnomon.organization.actions import make_token
        from gnomon.organization.models import Person
        from gnomon.records.actors import SYSTEM
        from gnomon.resolution.models import Incident

        bob = Person.objects.get(username="bob")
        _token, secret = make_token(bob, name=f"bench {time.time()}", by=SYSTEM)
        signed_in = Client()
        signed_in.force_login(bob)
        self.h = {"Authorization": f"Bearer {secret}"}
        self.cookie = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in signed_in.cookies.items())}
        active = Person.objects.filter(status="active", roles=["requester"])
        self.requesters = list(active.values_list("number", flat=True)[:500])
        self.incidents: Any = Incident.objects
        self.pages = [LIST]

    def create(self, i: int) -> Sequence[bytes]:
        facts = {
            "title": _given["title"](i), "description": _given["descr"](i), "impact": 1 + i % 3, "urgency": 1 + i // 3 % 3,
            "requester": self.requesters[i % len(self.requesters)],
        }  # fmt: skip
        return [self.req("POST", "/api/v1/incidents", facts)]

    def update(self, tid: str, i: int) -> Sequence[bytes]:
        said = {"text": _given["comment"](i), "internal": True}
        return [self.req("POST", f"/api/v1/incidents/{tid}/moves/start", {"comment": said})]

    def list(self, page: int) -> Sequence[bytes]:
        while len(self.pages) < page:
            self.pages.append(f"{LIST}&cursor={self._after(self.pages[-1])}")
        return [self.req("GET", self.pages[page - 1])]

    def page(self, _n: int) -> Sequence[bytes]:
        return [self.req("GET", "/resolution/incidents/?view=all", headers=self.cookie)]

    def count(self) -> int:
        found: int = self.incidents.count()
        return found

    def count_titles(self, lo: int, hi: int) -> int:
        found: int = self.incidents.filter(title__gte=f"T{lo:08d}", title__lt=f"T{hi:08d}").count()
        return found

    def new_ids(self, n: int) -> Sequence[str]:
        return [*self.incidents.filter(status="new").order_by("pk").values_list("number", flat=True)[:n]]

    def preload(self, _lo: int, _hi: int) -> None:
        raise SystemExit("Fill Gnomon with ./run bench fill N: each incident then has its whole life.")

    def ready_path(self) -> str:
        return "/sign-in"

    def _after(self, address: str) -> str:
        import json

        _status, _head, body = _given["L"].once(self.host, self.port, self.req("GET", address))
        after: str = json.loads(body)["next"]
        return after


ADAPTERS = [Gnomon()]
