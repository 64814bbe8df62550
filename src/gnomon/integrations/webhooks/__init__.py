"""Webhooks out: CloudEvents, signed, sent by the worker, tried again, and given up where people see it."""
