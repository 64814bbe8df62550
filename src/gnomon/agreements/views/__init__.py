"""Pages of agreements that are their own: what a change would do to open clocks."""
