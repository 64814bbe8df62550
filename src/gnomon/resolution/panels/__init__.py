"""What pages of incidents and of priority matrices show beside what every record has."""

from gnomon.resolution.panels.alike import SIMILAR
from gnomon.resolution.panels.belonging import FAMILY, MAJOR, MERGED, PUBLISHED
from gnomon.resolution.panels.escalating import ESCALATION, MATRIX, TEAMS
from gnomon.resolution.panels.working import TIME

__all__ = ["ESCALATION", "FAMILY", "MAJOR", "MATRIX", "MERGED", "PUBLISHED", "SIMILAR", "TEAMS", "TIME"]
