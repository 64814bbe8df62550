"""Process mining by REST (8.1, 9.1)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from gnomon.evaluation.mining.choosing import mineable
from gnomon.evaluation.mining.columns import ColumnsMissing, require_columns
from gnomon.organization.scopes import require_scope
from gnomon.records.endpoints import Call, Endpoint
from gnomon.records.refusals import InvalidFacts

OWN = ("by", "language")


def mined(call: Call) -> dict[str, Any]:
    """One question about the records of a kind; all other parameters narrow them as they do its list."""
    kind = next((one for one in mineable(call.person) if one.name == call.place["of_kind"]), None)
    if kind is None:
        raise Http404
    require_scope(call.scopes, f"{kind.name}:read")
    try:
        require_columns()
    except ColumnsMissing as missing:
        raise InvalidFacts(str(missing), {"mining": str(missing)}) from None
    from gnomon.evaluation.mining.asked import Question
    from gnomon.evaluation.mining.perspectives import perspectives_of
    from gnomon.evaluation.mining.plain import QUESTIONS

    answer = QUESTIONS.get(call.place["question"])
    if answer is None:
        raise Http404
    known = [one.name for one in perspectives_of(kind)]
    by = call.query.get("by", "") or known[0]
    if by not in known:
        says = _("Records of this kind can be seen as %(known)s.") % {"known": ", ".join(known)}
        raise InvalidFacts(says, {"by": says})
    parameters = call.narrowing(OWN)
    return answer(Question(kind, by, parameters, call.person))


MINE = Endpoint(
    "mine", "get", "mining/{of_kind}/{question}", mined, "How records really went",
    description="`question` is map, variants, waiting, rework or conformance. Whatever narrows the list of the kind "
    "narrows the records, as opened_at.from=2026-01-01 or team=TEAM-000001. Times are in seconds; each number tells "
    "the address of its list, whose parameter `mined` the lists of REST understand as well.",
    parameters={"by": "states (usual), moves or teams"},
)  # fmt: skip
