"""What certification keeps: runs with their results, people's judgements, and the organization's own limits."""

from gnomon.certification.models.carried import CarriedResult
from gnomon.certification.models.checking import Checking
from gnomon.certification.models.judgement import Judgement
from gnomon.certification.models.limits import Operation, PlannedActivity, RuleLimit
from gnomon.certification.models.pack import AuditPack, PackProgress
from gnomon.certification.models.run import CheckResult, ConformityRun, Method, NumberChunk, RequirementResult
from gnomon.certification.models.sample import Redrawing, Sample, SampleStratum

__all__ = [
    "AuditPack",
    "CarriedResult",
    "CheckResult",
    "Checking",
    "ConformityRun",
    "Judgement",
    "Method",
    "NumberChunk",
    "Operation",
    "PackProgress",
    "PlannedActivity",
    "Redrawing",
    "RequirementResult",
    "RuleLimit",
    "Sample",
    "SampleStratum",
]
