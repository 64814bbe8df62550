"""All that writes for performance evaluation: requirements to begin with, results as they fall due (9.1)."""

from gnomon.evaluation.actions.measuring import record_due_results
from gnomon.evaluation.actions.seeding import seed_monitoring

__all__ = ["record_due_results", "seed_monitoring"]
