"""Addresses of performance evaluation by REST (9.1)."""

from gnomon.evaluation.comparing_api import MEASURE_COMPARISON
from gnomon.evaluation.measures_api import LIST_MEASURES, LIST_SNAPSHOTS, TELL_MEASURE
from gnomon.evaluation.mining_api import MINE
from gnomon.evaluation.reports_api import DASHBOARD_REPORT

__all__ = ["DASHBOARD_REPORT", "LIST_MEASURES", "LIST_SNAPSHOTS", "MEASURE_COMPARISON", "MINE", "TELL_MEASURE"]
