"""Views of the front door."""
