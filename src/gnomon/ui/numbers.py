"""Numbers as both our languages write them: a point for decimals, commas between thousands."""

from __future__ import annotations


def number_words(value: float, places: int | None = None) -> str:
    """`1,234.5`; `places` fixes the decimals, else as many as it takes, two at most.

    Django's own grouping would set Chinese numbers in fours, which nobody here writes in figures.
    """
    if isinstance(value, int) and places is None:
        return f"{value:,}".replace("-", "−")
    text = f"{value:,.{2 if places is None else places}f}"
    if places is None:
        text = text.rstrip("0").rstrip(".")
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace("-", "−")
