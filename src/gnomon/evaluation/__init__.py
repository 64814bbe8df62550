"""9 Performance evaluation: what is measured, how, and what came of it."""
