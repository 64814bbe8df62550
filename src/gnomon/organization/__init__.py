"""Roles, responsibilities and authorities (5.3): persons, teams, roles, service hours, and how people sign in."""
