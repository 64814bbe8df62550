"""Object-centric event logs (OCEL 2.0) on their way through one small database: out of JSON, SQLite or XML.

`staged` holds what a log says, whichever format said it; the others read a format into it.
"""
