from gnomon.integrations.models.webhook import WebhookDelivery, WebhookHealth, WebhookSecret, WebhookSubscription

__all__ = ["WebhookDelivery", "WebhookHealth", "WebhookSecret", "WebhookSubscription"]
