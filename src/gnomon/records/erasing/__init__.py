"""Erasing what the records say of a person, so that the ledger and all its proofs stay whole.

holdings.py    what there is, where, and what stands in the way
erase.py       take it out of one record: its entries, its row, what hangs on it, the search
forgetting.py  what lies beside the records: drafts, messages, files that were imported
"""

from gnomon.records.erasing.erase import erase
from gnomon.records.erasing.forgetting import Forgetting, Forgotten, forget_elsewhere
from gnomon.records.erasing.holdings import Held, holdings

__all__ = ["Forgetting", "Forgotten", "Held", "erase", "forget_elsewhere", "holdings"]
