"""Clause numbers, periods, plug types and `collect`: what every clause shares, with no database."""
