"""What people judge and attest, and where it is due."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from gnomon.certification.queries.attestations import Standing, attestations, pressing
from gnomon.certification.views.doors import for_readers, person_of
from gnomon.records.queries import names_of
from gnomon.ui.render import render


@for_readers
def attesting(request: HttpRequest) -> HttpResponse:
    mine = "mine" in request.GET
    everything = attestations()
    shown = pressing(person_of(request)) if mine else everything
    lines = sorted(shown, key=lambda each: list(Standing).index(each.standing))
    return render(
        request,
        "certification/attestations.html",
        lines=lines,
        mine=mine,
        counts=[(each, sum(line.standing is each for line in everything)) for each in Standing],
        names=names_of(line.judgement.judge for line in lines if line.judgement),
    )
