"""Pages of direction that are its own; lists and records are generic."""
