"""The secret of a webhook, a test, and sending again."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gnomon.integrations.models import WebhookDelivery, WebhookSubscription
from gnomon.integrations.webhooks import queueing
from gnomon.integrations.webhooks.secrets import make_secret
from gnomon.organization.sign_in import signed_in
from gnomon.records.refusals import InvalidFacts
from gnomon.ui.render import render


class SinceForm(forms.Form):
    """From when on."""

    since = forms.DateTimeField(
        label=gettext_lazy("Since"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )  # fmt: skip


@require_POST
@never_cache
def secret(request: HttpRequest, number: str) -> HttpResponse:
    """Make a secret, shown this once."""
    record = _found(request, number)
    rotated = record.secrets.exists()
    text = make_secret(record, by=signed_in(request))
    return render(request, "integrations/webhook_secret.html", record=record, text=text, rotated=rotated)


@require_POST
def test(request: HttpRequest, number: str) -> HttpResponse:
    """Send an event that tells of nothing."""
    record = _found(request, number)
    queueing.send_test(record, by=signed_in(request))
    messages.success(request, _("A test is on its way; what became of it shows below in a moment."))
    return redirect(record)


def replay(request: HttpRequest, number: str) -> HttpResponse:
    """Send one delivery, all that were given up, or all since a moment again."""
    record, person = _found(request, number), signed_in(request)
    if "delivery" in request.POST or "dead" in request.POST:
        if "dead" in request.POST:
            chosen = list(record.deliveries.filter(state=WebhookDelivery.State.DEAD).values_list("pk", flat=True))
        else:
            chosen = [int(key) for key in request.POST.getlist("delivery") if key.isascii() and key.isdigit()]
        return _told(request, record, queueing.replay(record, [key for key in chosen if key < 2**62], by=person))
    form = SinceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _told(request, record, queueing.replay_since(record, form.cleaned_data["since"], by=person))
        except InvalidFacts as refused:
            form.add_error("since", refused.says)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "integrations/webhook_replay.html", record=record, form=form, status=status)


def _told(request: HttpRequest, record: WebhookSubscription, count: int) -> HttpResponse:
    says = ngettext("%(count)d delivery is on its way again.", "%(count)d deliveries are on their way again.", count)
    messages.success(request, says % {"count": count})
    return redirect(record)


def _found(request: HttpRequest, number: str) -> WebhookSubscription:
    known = WebhookSubscription.objects.visible_to(signed_in(request))
    found: WebhookSubscription = get_object_or_404(known, number=number.upper())
    return found
