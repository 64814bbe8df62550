"""What links do that agreements put into messages."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from gnomon.agreements.escalation.calling import NobodyCalls, acknowledge
from gnomon.governance.links import LinkPage, OpenedLink
from gnomon.ui.render import render


def answer_call(request: HttpRequest, link: OpenedLink) -> HttpResponse:
    """Show what the call is about; POST answers it, once."""
    answered, late = False, False
    if request.method == "POST":
        with transaction.atomic():
            if link.use():
                try:
                    acknowledge(link.record, by=link.person)
                    answered = True
                except NobodyCalls:
                    late = True
    return render(request, "agreements/answer_call.html", record=link.record, answered=answered, late=late)


ANSWER = LinkPage("acknowledge", _("Answer the call"), answer_call, lasts=timedelta(days=1))
