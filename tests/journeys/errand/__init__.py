"""An app of a third party that hurries the schedules and acts on thresholds."""
