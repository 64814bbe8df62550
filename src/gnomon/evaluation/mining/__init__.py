"""Process mining (8.1, 9.1): what the ledger says about how work really goes, beside how it is meant to go.

The modules that count work on columns of numbers and need the extra `lake`; `columns` says so when it is missing.
"""
