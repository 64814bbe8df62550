"""The ledger's own records: verifications, stamps from outside, and the keys that sign (7.5.3)."""
