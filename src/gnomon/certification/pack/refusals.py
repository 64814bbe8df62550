"""Why a pack was not made or does not hold."""

from __future__ import annotations

from gnomon.records.refusals import Refused


class PackRefused(Refused):
    """A pack that cannot be made as it was ordered; the sentence says what to do."""
