"""Service level clocks as pure functions of history, policy and calendar; no Django, nothing stored.

`derive(definition, policy, happenings, now)` reads a clock; see docs/decisions/clocks-are-derived.md.
"""
