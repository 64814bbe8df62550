"""8.2 Service portfolio: services, and later the catalogue, parties, assets and configuration items."""
