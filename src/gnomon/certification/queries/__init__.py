"""All that certification reads."""

from gnomon.certification.queries.conformity import Assessment, assess, conformity, moment_asked
from gnomon.certification.queries.live import declared_checks, examine_live, misdeclared_checks
from gnomon.certification.queries.stored import (
    altered_chunks,
    altered_runs,
    is_whole,
    newest_run,
    outcomes_of,
    results_of,
)

__all__ = [
    "Assessment",
    "altered_chunks",
    "altered_runs",
    "assess",
    "conformity",
    "declared_checks",
    "examine_live",
    "is_whole",
    "misdeclared_checks",
    "moment_asked",
    "newest_run",
    "outcomes_of",
    "results_of",
]
