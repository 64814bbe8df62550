"""The roof: settings, addresses, and the doors for people and machines."""
