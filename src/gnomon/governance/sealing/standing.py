"""Whether what rests on the ledger can be believed now."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gnomon.governance.models import LedgerVerification
from gnomon.governance.sealing.kinds import dated, ledger_verification
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor


def unexplained() -> LedgerVerification | None:
    """The newest verification that found the ledger broken and that nobody has explained yet."""
    found: LedgerVerification | None = LedgerVerification.objects.filter(status="broken").order_by("-pk").first()
    return found


def warning() -> str:
    """That no verdict is proven while the ledger is broken, in one sentence; empty while it is whole."""
    broken = unexplained()
    if broken is None:
        return ""
    assert broken.ended_at is not None  # it was found
    says = _("The ledger was not whole on %(at)s, so no verdict is proven.") % {"at": dated(broken.ended_at)}
    return f"{says} ({broken.number})"


def opens_for(person: Actor) -> bool:
    """Whether this person reads what verifications found."""
    return may(person, "read", ledger_verification)
