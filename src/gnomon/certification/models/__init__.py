"""What certification keeps: runs with their results, people's judgements, and the organization's own limits."""

from gnomon.certification.models.judgement import Judgement
from gnomon.certification.models.limits import Operation, PlannedActivity, RuleLimit
from gnomon.certification.models.run import CheckResult, ConformityRun, RequirementResult

__all__ = [
    "CheckResult",
    "ConformityRun",
    "Judgement",
    "Operation",
    "PlannedActivity",
    "RequirementResult",
    "RuleLimit",
]
