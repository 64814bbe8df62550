"""The processes of the standard and the figures that are usual for them, as data."""

from gnomon.evaluation.catalogue.reading import KPI, Process, Words, kpis, owner_title, process_of, processes

__all__ = ["KPI", "Process", "Words", "kpis", "owner_title", "process_of", "processes"]
