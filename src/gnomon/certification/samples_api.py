"""Addresses of samples by REST, beside those that all kinds have: the records drawn, what was found, the draw again."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from gnomon.certification import actions
from gnomon.certification.models import Sample
from gnomon.certification.queries.samples import records_told, tally
from gnomon.certification.sampling import OUTCOMES
from gnomon.records.endpoints import Call, Endpoint, Given


class ExaminedGiven(Given):
    record: str = Field(max_length=80, description="a record that was drawn")
    outcome: str = Field(description=f"one of {', '.join(OUTCOMES)}")
    because: str = Field(default="", max_length=4000, description="what was seen; only “conforming” needs no words")


def list_records(call: Call) -> dict[str, Any]:
    """The records of a sample in order, each with what was found of it last."""
    sample = _sample(call)
    return {"found": tally(sample), "records": records_told(sample, call.person, call.query.get("outcome", ""))}


def examine_record(call: Call) -> dict[str, Any]:
    """Tell what was found of one record drawn; judged again, the later word counts and the earlier one stays."""
    sample, given = _sample(call), call.given
    entry = actions.examine(
        sample, given["record"], given["outcome"], by=call.person, because=given.get("because", "")
    )  # fmt: skip
    return {"version": entry.version, "found": tally(sample)}


def draw_again(call: Call) -> dict[str, Any]:
    """The draw repeated from the population that the run froze; `same` tells whether it gives these records."""
    again = actions.drawn_again(_sample(call))
    return {
        "same": not again.faults,
        "faults": list(again.faults),
        "drawn": list(again.numbers),
        "population": {"count": again.population, "digest": again.digest},
    }


def _sample(call: Call) -> Sample:
    assert isinstance(call.record, Sample)
    return call.record


LIST_RECORDS = Endpoint(
    "list_records_of_sample", "get", "records", list_records, "The records of a sample", kind="sample",
    parameters={"outcome": "Those of one outcome, or `waiting`: of none yet."},
)  # fmt: skip
EXAMINE = Endpoint(
    "examine_record_of_sample", "post", "records", examine_record, "Tell what was found of a record", kind="sample",
    takes=ExaminedGiven, status=201,
    description="Nobody judges their own work: a record that the caller owns, recorded, changed or moved is refused.",
)  # fmt: skip
DRAW_AGAIN = Endpoint("redraw_sample", "get", "redraw", draw_again, "Draw a sample again", kind="sample")
