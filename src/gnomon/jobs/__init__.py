"""Work done later or on a schedule: stored with the record that caused it, run at least once."""
