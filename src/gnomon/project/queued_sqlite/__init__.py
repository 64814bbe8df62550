"""A database backend of Django: SQLite with its writers in a queue."""
