"""Is the ledger whole? The answer of last night, and what an auditor needs to ask for themself (7.5.3)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from gnomon.governance.models import LedgerVerification, SigningKey, TimeStamp
from gnomon.governance.sealing.kinds import ledger_verification
from gnomon.governance.sealing.stamping import is_on
from gnomon.organization.sign_in import signed_in
from gnomon.records.models import Checkpoint, LedgerEntry
from gnomon.records.permissions import may
from gnomon.ui.render import render

SHOWN = 10


def ledger_page(request: HttpRequest) -> HttpResponse:
    """The last verification, the newest checkpoints, the keys and the stamps."""
    person = signed_in(request)
    if not may(person, "read", ledger_verification):
        raise Http404
    checkpoints = list(Checkpoint.objects.order_by("-size")[:SHOWN])
    newest = LedgerEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return render(
        request, "governance/ledger.html", last=LedgerVerification.objects.exclude(status="begun").order_by("-pk").first(),
        running=LedgerVerification.objects.filter(status="begun").exists(), may_verify=may(person, "create", ledger_verification),
        checkpoints=[(one, bytes(one.root).hex()) for one in checkpoints], stamps=list(TimeStamp.objects.order_by("-pk")[:SHOWN]),
        keys=list(SigningKey.objects.order_by("-pk")[:SHOWN]), stamping=is_on(), newest=newest or 0,
    )  # fmt: skip
