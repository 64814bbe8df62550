"""Tell judges in time that their judgement lapses."""

from __future__ import annotations

from datetime import UTC, datetime

from gnomon.certification.notices import LAPSES
from gnomon.certification.queries.attestations import Standing, attestations
from gnomon.governance.notices import tell


def remind_judges(now: datetime | None = None) -> int:
    """Tell each judge once of a judgement that lapses within thirty days; how many judgements that are."""
    lapsing = [each for each in attestations(now or datetime.now(UTC)) if each.standing is Standing.LAPSING]
    for each in lapsing:
        judgement = each.judgement
        assert judgement is not None
        tell(
            [judgement.judge], LAPSES, about=judgement, cause=f"{judgement.number}/lapses",
            url=f"/certification/requirements/{each.requirement.id}",
            id=each.requirement.id, day=f"{judgement.valid_until:%Y-%m-%d}",
        )  # fmt: skip
    return len(lapsing)
