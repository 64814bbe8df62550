"""What direction does later: telling people of entries, and sending messages out."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.governance.erasing import JOB, carry_out
from gnomon.governance.notices.entries import TELL_OF, tell_of
from gnomon.governance.notices.planning import DIGEST, SEND, plan_sendings
from gnomon.governance.notices.sending import ATTEMPTS, send, send_digest, sweep
from gnomon.governance.notices.telling import PLAN
from gnomon.governance.sealing.kinds import STAMP_JOB, VERIFY
from gnomon.governance.sealing.messages import seal_messages
from gnomon.governance.sealing.stamping import stamp, want_stamp
from gnomon.governance.sealing.verifying import begin_nightly, verify
from gnomon.standard.plugs import Job


def ask_again() -> None:
    sweep()


def seal_what_was_told() -> None:
    """Seal what people were told and read until now."""
    seal_messages()


def erase(number: str) -> None:
    carry_out(number)


def verify_ledger(number: str) -> None:
    verify(number)


def verify_at_night() -> None:
    """Begin the verification of the night."""
    begin_nightly()


def stamp_checkpoint(number: str) -> None:
    stamp(number)


def want_daily_stamp() -> None:
    """Have the newest checkpoint of the day stamped, where an authority is known."""
    want_stamp()


ENTRY = Job(TELL_OF, tell_of, brief=True, title=_("Tell people what happened to a record"))
SENDINGS = Job(PLAN, plan_sendings, brief=True, title=_("Work out what goes out to whom"))
SENDING = Job(SEND, send, attempts=ATTEMPTS, backoff=timedelta(minutes=1), title=_("Send a message"))
DIGESTS = Job(DIGEST, send_digest, attempts=ATTEMPTS, backoff=timedelta(minutes=1), title=_("Send a digest"))
LATE = Job("governance:sweep_sendings", ask_again, every=timedelta(hours=1), title=_("Ask again for late messages"))
ERASE = Job(JOB, erase, attempts=3, title=_("Erase what is held of a person"))
VERIFICATION = Job(VERIFY, verify_ledger, attempts=3, backoff=timedelta(minutes=5), title=_("Verify the ledger"))
NIGHTLY = Job(
    "governance:verify_nightly", verify_at_night, every=timedelta(days=1), title=_("Begin the nightly verification")
)
STAMP = Job(STAMP_JOB, stamp_checkpoint, backoff=timedelta(minutes=5), title=_("Have a checkpoint stamped"))
STAMPS = Job(
    "governance:want_stamp", want_daily_stamp, every=timedelta(days=1), title=_("Ask for the stamp of the day")
)
TOLD = Job(
    "governance:seal_messages", seal_what_was_told, every=timedelta(hours=1), title=_("Seal what people were told")
)
