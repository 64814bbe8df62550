"""Many new records in one call, each with an answer of its own.

No postponed annotations here: the shapes are made in the functions and the framework reads them there.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router, Schema
from pydantic import Field, create_model

from gnomon.api.answers import json_answer
from gnomon.api.errors import Problem, answer_to
from gnomon.api.operations import answered
from gnomon.api.tokens import needs
from gnomon.records import actions, permissions
from gnomon.records.endpoints import Given
from gnomon.records.kinds import Kind
from gnomon.records.plain import as_plain, facts_from_plain

MOST = 100


def add_batches(router: Router, kind: Kind, asked: Any, told: type[Schema]) -> None:
    """`POST …/batch`; many that are there already are moved and changed by `POST …/bulk`."""
    name, camel = kind.name, told.__name__
    many: Any = create_model(
        f"{camel}Batch", __base__=Given, records=(list[asked], Field(min_length=1, max_length=MOST))
    )
    result: Any = create_model(
        f"{camel}Result", __base__=Schema, status=(int, ...), number=(str | None, None), record=(told | None, None),  # type: ignore[arg-type]
        problem=(Problem | None, None),
    )  # fmt: skip
    results: Any = create_model(f"{camel}Results", __base__=Schema, results=(list[result], ...))

    @router.post(
        "/batch", response={207: results}, operation_id=f"record_many_{name}", **needs(f"{name}:write"),
        summary=f"Record many: {kind.plural}",
        description=f"Up to {MOST} new records; `results` tells of each, in the order given, what became of it.",
    )  # fmt: skip
    def record_many(request: HttpRequest, given: many) -> HttpResponseBase:
        def one(facts: Any) -> tuple[int, Any]:
            person: Any = request.user
            permissions.require(person, "create", kind)
            plain = facts_from_plain(kind, facts.dict(exclude_unset=True), person)
            return 201, actions.record(kind, by=person, **plain)

        return answered(request, lambda: _each(kind, request, given.records, one))


def _each(
    kind: Kind, request: HttpRequest, wishes: Sequence[Any], run: Callable[[Any], tuple[int, Any]]
) -> HttpResponse:
    """Every wish by itself: one that is refused takes none of the others back."""
    person: Any = request.user
    results = []
    for wish in wishes:
        try:
            with transaction.atomic():
                status, record = run(wish)
            results.append({"status": status, "number": record.number, "record": as_plain(kind, record, to=person)})
        except Exception as error:  # noqa: BLE001 - what is no refusal is raised again by the one who knows refusals
            refusal = json.loads(answer_to(request, error).content)
            results.append({"status": refusal["status"], "number": None, "problem": refusal})
    return json_answer({"results": results}, status=207)
