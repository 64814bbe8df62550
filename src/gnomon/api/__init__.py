"""REST under /api/v1: every kind, the same actions, errors that end in a sentence."""
