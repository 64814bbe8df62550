"""Benchmarks: ours, each a module that prints its figures and the machine that it ran on."""
