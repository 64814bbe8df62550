"""What an erasure would erase, value by value, before anybody approves it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from gnomon.governance.erasing import preview
from gnomon.governance.models import Erasure
from gnomon.organization.sign_in import signed_in
from gnomon.records.erasing import Held
from gnomon.records.kinds import kind_named
from gnomon.records.ledger.personal import BECAUSE
from gnomon.records.showing import field_title
from gnomon.ui.render import render

SHOWN = 500


def preview_page(request: HttpRequest, number: str) -> HttpResponse:
    """All values that would go, and what stands in the way."""
    erasure = get_object_or_404(Erasure.objects.visible_to(signed_in(request)), number=number)
    found = preview(erasure)
    return render(
        request, "governance/erasure_preview.html", record=erasure, found=found, shown=SHOWN,
        rows=[(one, field_words(one), why_words(one.why)) for one in found.held[:SHOWN]],
    )  # fmt: skip


def field_words(one: Held) -> str:
    """What people call the value: a field, or a part of what was said."""
    name = one.field.removeprefix("#")
    if not one.note:
        return field_title(kind_named(one.kind), name)
    told = {BECAUSE: _("Reason"), "text": _("Comment"), "name": _("Name of a file"), "sha256": _("Content of a file")}
    return told.get(name, name)


def why_words(why: str) -> str:
    """Why a value counts as speaking of the person."""
    return {"own": _("their own record"), "written": _("written by them"), "named": _("names them")}[why]
