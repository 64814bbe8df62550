"""The ledger's proofs: canonical bytes, digests, Merkle tree, signed checkpoints, verification."""
