"""The verifier of packs, in parts that `about.verifier` puts together into the one file verify.py.

Each part imports only Python's standard library, the parts before it, and the verifier of proofs.
"""
