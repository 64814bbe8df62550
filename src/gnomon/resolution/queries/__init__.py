"""All that reads incidents across models."""
