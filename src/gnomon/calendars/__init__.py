"""Service hours, official holidays and make-up workdays, and the arithmetic of business time; no database."""
