"""The configuration by REST: out as one text, in as a plan or as an act."""

from typing import Any

from django.http import HttpResponse
from pydantic import Field

from gnomon.records.configuring.doors import require_configuring
from gnomon.records.configuring.plan import PlanMoved, apply_configuration, plan_of
from gnomon.records.configuring.reading import LARGEST, read_configuration
from gnomon.records.configuring.telling import plan_as_plain
from gnomon.records.configuring.writing import configuration_text
from gnomon.records.endpoints import Call, Endpoint, Given


class ConfigurationGiven(Given):
    """A configuration file, and what to do with it."""

    configuration: str = Field(max_length=LARGEST)
    name: str = Field(default="", max_length=120)
    apply: bool = Field(default=False, description="do it; else only tell what it would do")
    seen: str = Field(
        default="", max_length=64, description="`seen` of the plan decided upon; refused when another is due"
    )


def write_out(call: Call) -> HttpResponse:
    """The configuration as YAML."""
    require_configuring(call.person)
    return HttpResponse(configuration_text(call.person), content_type="application/yaml; charset=utf-8")


def bring_in(call: Call) -> Any:
    """What the file does, or would do; nothing is done while it has faults."""
    require_configuring(call.person)
    given = call.given
    read = read_configuration(given["configuration"].encode("utf-8", "replace"), given.get("name", ""))
    if not given.get("apply"):
        return plan_as_plain(plan_of(read, by=call.person))
    try:
        return plan_as_plain(apply_configuration(read, by=call.person, seen=given.get("seen", "")))
    except PlanMoved as moved:
        return plan_as_plain(moved.plan)


READ_CONFIGURATION = Endpoint(
    "read_configuration", "get", "configuration", write_out, "The whole configuration as one file (YAML)"
)
BRING_CONFIGURATION = Endpoint(
    "bring_configuration", "post", "configuration", bring_in, "What a configuration file would do, or do it",
    takes=ConfigurationGiven,
    description="Without `apply` nothing is changed. With it everything is done in one transaction, or nothing: "
    "`done` tells, `faults` names what is wrong by line. When `seen` is given and the configuration moved on, "
    "nothing is done either and the answer is the plan that is due now.",
)  # fmt: skip
