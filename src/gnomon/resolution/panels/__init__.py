"""What pages of incidents show beside what every record has."""

from gnomon.resolution.panels.alike import SIMILAR
from gnomon.resolution.panels.escalating import ESCALATION, TEAMS
from gnomon.resolution.panels.working import TIME

__all__ = ["ESCALATION", "SIMILAR", "TEAMS", "TIME"]
