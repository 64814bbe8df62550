"""Gnomon 圭臬: service management whose conformity is computed from the records of daily work."""

__version__ = "0.1.0"
