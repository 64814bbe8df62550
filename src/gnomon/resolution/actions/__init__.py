"""What people do with incidents beyond their moves (8.6.1)."""

from gnomon.resolution.actions.merging import merge
from gnomon.resolution.actions.parts import Outcome, resolve_parts
from gnomon.resolution.actions.reviewing import begin_review
from gnomon.resolution.actions.splitting import split

__all__ = ["Outcome", "begin_review", "merge", "resolve_parts", "split"]
