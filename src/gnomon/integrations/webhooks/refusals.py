"""Why something was not sent."""

from __future__ import annotations


class NotSent(Exception):
    """The receiver could not be reached, or may not be; the text says why."""
