"""Every second what an installation does every half minute."""

from datetime import timedelta

from gnomon.agreements.thresholds import sweep
from gnomon.records.ledger.seal import seal_ledger
from gnomon.standard.plugs import Job


def hurry() -> None:
    sweep()
    seal_ledger()


HURRY = Job("errand:hurry", hurry, every=timedelta(seconds=1))
