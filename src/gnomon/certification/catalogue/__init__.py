"""The requirements of the standard in our own words, and how each is proved."""

from gnomon.certification.catalogue.reading import catalogue, semantics
from gnomon.certification.catalogue.shapes import (
    Catalogue,
    Clause,
    EvidenceRule,
    Interval,
    Requirement,
    Semantics,
    Words,
)

__all__ = [
    "Catalogue",
    "Clause",
    "EvidenceRule",
    "Interval",
    "Requirement",
    "Semantics",
    "Words",
    "catalogue",
    "semantics",
]
