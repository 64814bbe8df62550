"""Imports: read a file, map its columns, try it dry, and bring its records in, once, with their history."""
