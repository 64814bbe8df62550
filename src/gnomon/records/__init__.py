"""What all records share: kinds, numbers, the ledger, and the one door through which they change."""
