"""What integrations offer by REST: the configuration, event logs, and what belongs to webhooks."""

from gnomon.integrations.api.configuration import BRING_CONFIGURATION, READ_CONFIGURATION
from gnomon.integrations.api.logs import EVENT_LOG
from gnomon.integrations.api.webhooks import DELIVERIES, REPLAY, SECRET, TEST

__all__ = ["BRING_CONFIGURATION", "DELIVERIES", "EVENT_LOG", "READ_CONFIGURATION", "REPLAY", "SECRET", "TEST"]
