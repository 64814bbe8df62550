"""REST of the ground floor: search over all kinds."""

from typing import Any

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from gnomon.records.endpoints import Call, Endpoint
from gnomon.records.kinds import kinds
from gnomon.records.refusals import InvalidFacts
from gnomon.records.search.across import search
from gnomon.records.search.plain import as_plain
from gnomon.records.texts import fault_of


class FoundRecord(Schema):
    number: str
    title: str
    status: str
    url: str
    text: str = Field(description="a piece of its text that holds the words, when the title does not say all")
    leads_to: str | None = Field(description="the record that is shown instead, when this one became part of it")


class FoundKind(Schema):
    kind: str
    count: int
    more: bool = Field(description="there are further ones, which were not counted")
    records: list[FoundRecord]


class FoundFilter(Schema):
    name: str
    value: str
    not_: bool = Field(alias="not")


class FoundAnswer(Schema):
    q: str = Field(description="the question that was answered")
    corrected_from: str | None = Field(description="what was asked, when it found nothing and was corrected")
    filters: list[FoundFilter]
    notes: list[str] = Field(description="what was not understood, in sentences")
    complete: bool = Field(
        description="false when words are so frequent that only the newest records were looked through"
    )
    kinds: list[FoundKind]


def found(call: Call) -> dict[str, Any]:
    """Records of all kinds that hold the words, as far as whoever calls may know of them."""
    typed, kind = call.query.get("q", ""), call.query.get("kind", "")
    if fault := fault_of(typed):
        raise InvalidFacts(fault, {"q": fault})
    if kind and kind not in {one.name for one in kinds()}:
        says = _("There is no kind of record called “%(kind)s”.") % {"kind": kind[:80]}
        raise InvalidFacts(says, {"kind": says})
    answer = search(
        typed, call.person, kind=kind, most=call.number("limit", 10, 100),
        exactly=call.query.get("exactly", "") in {"1", "true"},
    )  # fmt: skip
    return as_plain(answer, call.person)


SEARCH = Endpoint(
    "search", "get", "search", found, "Search over all kinds", tells=FoundAnswer,
    description="Words in English and Chinese, “phrases”, -excluded words, and filters such as status:open.",
    parameters={
        "q": "words and filters, as in the search box",
        "kind": "one kind, by its name",
        "limit": "records of each kind; 10 when left out, at most 100",
        "exactly": "1 leaves mistyped words uncorrected",
    },
)  # fmt: skip
