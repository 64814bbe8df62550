"""Order an audit pack, and take it away."""

from __future__ import annotations

from base64 import b64encode

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.certification import actions
from gnomon.certification.kinds import AUDIT_PACK
from gnomon.certification.models import AuditPack
from gnomon.certification.pack_forms import PackForm
from gnomon.certification.views.doors import for_readers, person_of
from gnomon.records import permissions
from gnomon.records.refusals import InvalidFacts
from gnomon.records.views.finding import found
from gnomon.records.views.writing import put_errors
from gnomon.standard.plugs import Actor
from gnomon.ui.render import render


@for_readers
def order(request: HttpRequest) -> HttpResponse:
    """The form of an order; what was ordered shows how far it is."""
    person = person_of(request)
    permissions.require(person, "create", AUDIT_PACK)
    form = PackForm(person, request.POST or None)
    if form.is_valid():
        try:
            return redirect(actions.order_pack(by=person, **form.cleaned_data))
        except InvalidFacts as refused:
            put_errors(form, refused)
    return render(
        request, "certification/order_pack.html", kind=AUDIT_PACK, form=form, record=None, expect=None,
        submit=_("Order the pack"), list_url=reverse("audit_pack-list"), cancel_url=reverse("audit_pack-list"),
        status=422 if form.errors else 200,
    )  # fmt: skip


@login_required
def take(request: HttpRequest, number: str) -> FileResponse:
    """The ZIP file, for those who may have it."""
    pack = found(request, AUDIT_PACK, number)
    assert isinstance(pack, AuditPack)
    return handed_out(pack, by=person_of(request))


def handed_out(pack: AuditPack, *, by: Actor) -> FileResponse:
    """The file as a download; 404 while it is not made, or when it is gone."""
    try:
        place = actions.hand_out(pack, by=by)
    except FileNotFoundError:
        raise Http404(_("This pack has no file. Look at its state, or order another.")) from None
    answer = FileResponse(place.open("rb"), as_attachment=True, filename=pack.file_name, content_type="application/zip")
    answer["X-Content-Type-Options"] = "nosniff"
    # The same order made again is the same bytes, so the digest tells whether they arrived whole.
    answer["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(pack.digest)).decode()}:"
    return answer
