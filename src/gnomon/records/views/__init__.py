"""Pages that every kind has: list, page, form, move, and what hangs on a record."""
