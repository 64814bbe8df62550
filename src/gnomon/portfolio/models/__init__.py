"""Tables of the service portfolio (8.2)."""

from gnomon.portfolio.models.service import Service

__all__ = ["Service"]
