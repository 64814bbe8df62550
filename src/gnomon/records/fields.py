"""Fields that records are made of."""

from gnomon.jobs.moments import MomentField

__all__ = ["MomentField"]
