"""Pages of resolution that are its own; lists and records are generic."""
