"""4–7 and 8.1, direction: for now the documents that the service management system rests on (7.5)."""
