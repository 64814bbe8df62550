"""Addresses of performance evaluation by REST (9.1)."""

from gnomon.evaluation.comparing_api import MEASURE_COMPARISON

__all__ = ["MEASURE_COMPARISON"]
