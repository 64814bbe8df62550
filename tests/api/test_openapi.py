"""The committed description of the API says what the API does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.utils import translation

from gnomon.api.doors import whole
from gnomon.api.openapi import document
from gnomon.records.kinds import kinds

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def written():
    with translation.override("zh-hans"):  # whatever language is spoken, it is in English
        return document(whole())


@pytest.fixture(scope="module")
def described(written):
    return json.loads(written)


def test_the_committed_description_is_current(written):
    assert COMMITTED.read_text(encoding="utf-8") == written, (
        "The API has changed. Look at what differs, then run: ./run gnomon openapi docs/openapi.json"
    )


def test_every_kind_has_its_addresses(described):
    assert described["openapi"].startswith("3.1")
    for kind in kinds():
        root = f"/api/v1/{kind.path}"
        assert {"get", "post"} <= described["paths"][root].keys()
        assert {"get", "patch"} <= described["paths"][f"{root}/{{number}}"].keys()
        for move in kind.workflow.moves:
            assert "post" in described["paths"][f"{root}/{{number}}/moves/{move.name}"]


def test_every_operation_has_a_name_of_its_own_a_body_that_is_described_and_refusals_as_they_are_sent(described):
    names = []
    for path, place in described["paths"].items():
        for method, operation in place.items():
            names.append(operation["operationId"])
            assert {int(s) for s in operation["responses"]} >= {400, 401, 403, 404, 409, 412, 422, 429, 500}, path
            for status, response in operation["responses"].items():
                told = described["components"]["responses"][f"Refusal{status}"] if "$ref" in response else response
                media = "application/problem+json" if int(status) >= 400 else "application/json"
                if int(status) in (204, 304):
                    assert "content" not in told
                elif operation["operationId"].startswith("read_file_") and status == "200":
                    assert list(told["content"]) == ["application/octet-stream"]
                else:
                    assert list(told["content"]) == [media], (path, status)
                assert told["description"].endswith(".")
            if method in ("post", "patch") and path.endswith("{number}"):
                assert "If-Match" in [parameter["name"] for parameter in operation["parameters"]]
    assert len(names) == len(set(names))


def test_lists_name_their_filters(described):
    asked = {p["name"] for p in described["paths"]["/api/v1/incidents"]["get"]["parameters"]}
    assert {"status", "priority", "limit", "cursor", "sort", "q", "phase", "assignee", "open_at"} <= asked


def test_every_reference_leads_somewhere(described):
    known = described["components"]["schemas"]
    for name in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described)):
        assert name in known


def test_what_is_told_has_no_secrets(described):
    assert not {"password", "last_login", "id"} & described["components"]["schemas"]["Person"]["properties"].keys()
