"""The audit pack: what an auditor takes home of a period and scope, and can check without us (9.2)."""
