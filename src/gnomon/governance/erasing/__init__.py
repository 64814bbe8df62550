"""Forgetting a person on request: asked for by one, approved by another, carried out, and told of (7.5.3)."""

from gnomon.governance.erasing.carrying_out import JOB, carry_out
from gnomon.governance.erasing.previewing import Preview, as_plain, preview

__all__ = ["JOB", "Preview", "as_plain", "carry_out", "preview"]
