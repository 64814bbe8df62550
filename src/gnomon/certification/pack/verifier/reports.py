"""What holds and what does not, counted and said."""

# The newer ways of writing that these rules ask for are unknown to Python 3.8, which auditors still meet.
from __future__ import annotations

from gnomon.records.ledger.verify_proof import Report


class Silent(Report):
    """Counts what does not hold and remembers the first; what holds is summed up by whoever asks."""

    def __init__(self) -> None:
        super().__init__()
        self.first = ""  # type: str

    def holds(self, english: str, chinese: str) -> None:
        """Say nothing: hundreds of records are checked alike."""

    def fails(self, english: str, chinese: str) -> None:
        self.first = self.first or f"{english} {chinese}"
        super().fails(english, chinese)

    def note(self, english: str, chinese: str) -> None:
        """Say what is no fault of the pack, and yet should be known."""
        print(f"  --  {english} {chinese}")


class Aloud(Silent):
    """The same, and says what holds too."""

    def holds(self, english: str, chinese: str) -> None:
        print(f"  ok  {english} {chinese}")
