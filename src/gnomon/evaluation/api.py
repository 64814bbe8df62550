"""Addresses of performance evaluation by REST (9.1)."""

from gnomon.evaluation.comparing_api import MEASURE_COMPARISON
from gnomon.evaluation.foreign_logs_api import ASK_LOG, DROP_LOG, LIST_LOGS, READ_OTHERWISE, SEND_LOG, SHOW_LOG
from gnomon.evaluation.measures_api import LIST_MEASURES, LIST_SNAPSHOTS, TELL_MEASURE
from gnomon.evaluation.mining_api import MINE
from gnomon.evaluation.reports_api import DASHBOARD_REPORT

__all__ = [
    "ASK_LOG", "DASHBOARD_REPORT", "DROP_LOG", "LIST_LOGS", "LIST_MEASURES", "LIST_SNAPSHOTS", "MEASURE_COMPARISON",
    "MINE", "READ_OTHERWISE", "SEND_LOG", "SHOW_LOG", "TELL_MEASURE",
]  # fmt: skip
