"""Calls made up from the API's own description, sound and hostile ones: none is a fault of ours, all are as described."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from tests.each_kind import one_of
from tests.makers import a_person
from tests.resolution.makers import a_service, an_incident

from gnomon.api.doors import whole
from gnomon.records.kinds import kinds

pytestmark = pytest.mark.django_db
SEED = 20000
ROLES = ["administrator", "process_manager", "agent", "service_owner", "sms_manager"]
IN_FULL = ("/api/v1/incidents", "/api/v1/webhook-subscriptions", "/api/v1/me", "/api/v1/kinds", "/api/v1/search")
# What the framework and its server answer before an operation is chosen.
EVERYWHERE = {"405", "413"}
NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**70), 10**400, 0.5, 1e308, "", " ", "\x00", "a\x00b", "x" * 5000,
    "打印机坏了", "\u202e🖨", "' OR 1=1 --", "<script>alert(1)</script>", "%00", "../../etc/passwd", "{{7*7}}", "null",
    "2026-01-05T09:00:00", "2026-01-05T09:00:00+25:00", "2026-02-30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "-1", "1e3", "me", "none", "INC-000001", "SVC-000001", "PER-999999", [], [[[[[[]]]]]], ["x"] * 200, [None], {},
    {"a": {"b": [1]}}, {"": ""}, {"__proto__": 1},
)  # fmt: skip
RAW = (
    b"", b"{", b"nonsense", b"\xff\xfe", b"[]", b"null", b'"x"', b"1e999",
    b'{"title": "x", "title": "y"}',
    b'{"a": ' + b"[" * 3000 + b"]" * 3000 + b"}", '{"title": "打"}'.encode("gbk"), b'{"title": "\\ud800"}',
    b"{" + b" " * 100_000 + b"}",
)  # fmt: skip
TYPES = (
    "application/json",
    "application/json; charset=gbk",
    "text/plain",
    "application/x-www-form-urlencoded",
    "a/b;c",
    "",
)


class Caller:
    """Makes calls up, from the description and a seed."""

    def __init__(self, described: dict[str, Any], client: Any, known: dict[str, str]) -> None:
        self.described, self.client, self.known, self.chance = described, client, known, random.Random(SEED)
        self.numbers = ["INC-000001", *known.values()]

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any], bool]]:
        """Every one: those of the kinds that differ most as meant and twice otherwise, all others once, by chance."""
        for path, place in self.described["paths"].items():
            for method, op in place.items():
                sounds = (True, False, False) if path.startswith(IN_FULL) else (self.chance.random() < 0.4,)
                yield from ((path, method, op, sound) for sound in sounds)

    def call(self, path: str, method: str, op: dict[str, Any], sound: bool) -> tuple[str, Any]:
        wanted = [p for p in op.get("parameters", ()) if p["in"] == "query" and self.chance.random() < 0.3]
        asked = {p["name"]: self.text(p["schema"], sound) for p in wanted}
        for place in [p for p in op.get("parameters", ()) if p["in"] == "path"]:
            path = path.replace(f"{{{place['name']}}}", quote(self.part(path, sound)[:200], safe=""))
        headers = {}
        if not sound and self.chance.random() < 0.5:
            headers = {"If-Match": self.chance.choice(['"1"', "x", "*", '"9', "W/"]), "If-None-Match": "*"}
        if method != "get" and self.chance.random() < 0.3:
            headers["Idempotency-Key"] = self.chance.choice(["a", "b", "", "c" * 300])
        body, kind = self.body(op, sound)
        query = f"?{urlencode(asked)}" if asked else ""
        if method == "get":
            answer = self.client.get(f"{path}{query}", headers=headers)
        else:
            # `generic` sends bytes as they are, whatever the type says of them.
            answer = self.client.generic(method.upper(), f"{path}{query}", body, kind, headers=headers)
        return f"{method} {path}{query} {headers} {kind} {body[:300]!r}", answer

    def part(self, path: str, sound: bool) -> str:
        known = self.known.get(path.split("/")[3], "INC-000001")
        return known if sound or self.chance.random() < 0.5 else str(self.chance.choice(NASTY))

    def body(self, op: dict[str, Any], sound: bool) -> tuple[bytes, str]:
        content = op.get("requestBody", {}).get("content", {})
        if not sound and self.chance.random() < 0.3:
            return self.chance.choice(RAW), self.chance.choice(TYPES)
        schema = content.get("application/json", {}).get("schema", {})
        value = self.value(schema, sound, 0)
        return json.dumps(value if isinstance(value, dict) or not sound else {}).encode(), "application/json"

    def value(self, schema: dict[str, Any], sound: bool, depth: int) -> Any:
        schema = self.resolved(schema)
        if depth > 4 or (not sound and self.chance.random() < 0.35):
            return self.chance.choice(NASTY)
        if "anyOf" in schema:
            return self.value(self.chance.choice(schema["anyOf"]), sound, depth + 1)
        if schema.get("enum"):
            return self.chance.choice(schema["enum"])
        if schema.get("type") == "object" or "properties" in schema:
            needed, asked = schema.get("required", ()), schema.get("properties", {})
            return {
                n: self.value(s, sound, depth + 1)
                for n, s in asked.items()
                if n in needed or self.chance.random() < 0.4
            }
        if schema.get("type") == "array":
            return [self.value(schema.get("items", {}), sound, depth + 1)]
        texts = ["x", self.chance.choice(self.numbers), "2026-01-05T09:00:00Z", "mail"]
        plain = {"integer": self.chance.randrange(5), "number": 1.5, "boolean": True, "null": None}
        return plain.get(schema.get("type", ""), self.chance.choice(texts))

    def text(self, schema: dict[str, Any], sound: bool) -> str:
        value = self.value(schema, sound, 0)
        return ",".join(map(str, value)) if isinstance(value, list) else str(value)

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self.described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def faults(self, value: Any, schema: dict[str, Any], at: str = "body") -> Iterator[str]:
        """Where an answer is not as it is described."""
        schema = self.resolved(schema)
        if "anyOf" in schema:
            if all(any(self.faults(value, one, at)) for one in schema["anyOf"]):
                yield f"{at}: {str(value)[:80]} is none of {schema['anyOf']}"
            return
        types = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None)}
        expected = types.get(schema.get("type", ""))
        if expected is not None and not isinstance(value, expected):
            yield f"{at}: {str(value)[:80]} is no {schema['type']}"
        elif isinstance(value, dict):
            yield from (f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value)
            for name, inner in schema.get("properties", {}).items():
                if name in value:
                    yield from self.faults(value[name], inner, f"{at}.{name}")
        elif isinstance(value, list):
            for n, one in enumerate(value[:3]):
                yield from self.faults(one, schema.get("items", {}), f"{at}[{n}]")


def test_no_call_made_from_the_description_is_a_fault_of_ours(program):
    anna = a_person("Anna Holt", username="anna", roles=ROLES)
    an_incident(service=a_service())
    known = {kind.path: one_of(kind).number for kind in kinds()}
    client = program(anna, scopes=["*:read", "*:write", "admin"]).client
    caller = Caller(whole().get_openapi_schema(), client, known)
    statuses: dict[int, int] = {}
    wrong = []
    for path, method, op, sound in caller.operations():
        sent, answer = caller.call(path, method, op, sound)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        wrong += [f"{sent} → {answer.status_code}: {fault}" for fault in told_wrong(caller, op, answer)]
    assert wrong == [], "\n".join(wrong[:20])
    assert {200, 201, 404, 422} <= statuses.keys()  # it got in, and was refused


def told_wrong(caller: Caller, op: dict[str, Any], answer: Any) -> Iterator[str]:
    """What is wrong with an answer: a fault of ours, a status that is not described, a body that is not as it is."""
    status, described = str(answer.status_code), {str(k): v for k, v in op["responses"].items()}
    if answer.status_code >= 500:
        yield "a fault of ours"
    elif status not in described and status not in EVERYWHERE:
        yield "not described"
    elif answer.status_code >= 400:
        if answer["Content-Type"] != "application/problem+json" or not answer.json()["detail"].endswith((".", "。")):
            yield f"no problem that ends in a sentence: {answer.content[:200]!r}"
    elif answer.status_code not in (204, 304) and answer["Content-Type"] == "application/json":
        schema = described[status]["content"]["application/json"]["schema"]
        yield from caller.faults(answer.json(), schema)
