"""The ledger as Parquet files that any engine reads, and measures over them (docs/operate/lake.md)."""
