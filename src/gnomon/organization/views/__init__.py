"""Pages of 5.3 that are no record pages."""
