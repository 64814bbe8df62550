"""Escalation: what is done, in which order, when a clock nears or passes its target (8.6.1 c)."""
