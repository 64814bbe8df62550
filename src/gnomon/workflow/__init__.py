"""State machines as pure tables: what may happen to a record, and who may do it."""
