"""Administration: the way to everything that can be set, the whole of it as a file, and its history."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gnomon.integrations.uploads import folder, keep
from gnomon.organization.roles import AUDITORS
from gnomon.organization.sign_in import signed_in
from gnomon.records.configuring.doors import may_configure, require_configuring
from gnomon.records.configuring.plan import Plan, PlanMoved, apply_configuration, plan_of
from gnomon.records.configuring.reading import LARGEST, Read, read_configuration
from gnomon.records.configuring.telling import told_change
from gnomon.records.configuring.writing import configuration_text
from gnomon.records.kinds import kind_named
from gnomon.records.refusals import InvalidFacts
from gnomon.records.showing import field_title
from gnomon.records.texts import fault_of
from gnomon.ui.render import render
from gnomon.web.administration.areas import cards_for
from gnomon.web.administration.history import PAGE, changes_of, kinds_told

_DIGEST = re.compile(r"[0-9a-f]{64}")


def administration(request: HttpRequest) -> HttpResponse:
    """What can be set, what is in force, and who changed it last."""
    person = signed_in(request)
    require_configuring(person)
    words = request.GET.get("q", "").strip()[:80]
    groups = cards_for(person, "" if fault_of(words) else words)
    return render(request, "web/administration/home.html", groups=groups, words=words)


def history(request: HttpRequest) -> HttpResponse:
    """Every change of the configuration with before and after."""
    person = signed_in(request)
    if not may_configure(person) and not set(person.roles) & set(AUDITORS):
        require_configuring(person)
    kind, by, before = (request.GET.get(name, "").strip()[:40] for name in ("kind", "by", "before"))
    if fault_of(kind + by):
        raise Http404(_("There is no such page."))
    at = int(before) if before.isdecimal() and len(before) < 19 else None
    found = changes_of(person, kind=kind, by=by.upper() if by != "system" else by, before=at)
    return render(
        request, "web/administration/history.html", lines=found[:PAGE], kinds=kinds_told(person), kind=kind, by=by,
        older=found[PAGE - 1].sequence if len(found) > PAGE else None, home=may_configure(person),
    )  # fmt: skip


def export_configuration(request: HttpRequest) -> HttpResponse:
    """The configuration as a file."""
    person = signed_in(request)
    require_configuring(person)
    answer = HttpResponse(configuration_text(person), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="gnomon-configuration.yaml"'
    return answer


def configuration(request: HttpRequest) -> HttpResponse:
    """Export, and a file's plan; a plan that was looked at is carried out."""
    person = signed_in(request)
    require_configuring(person)
    if request.method != "POST":
        return render(request, "web/administration/configuration.html")
    read, digest = _sent(request)
    if "apply" not in request.POST:
        return _planned(request, plan_of(read, by=person), read, digest)
    try:
        plan = apply_configuration(read, by=person, seen=request.POST.get("seen", ""))
    except PlanMoved as moved:
        return _planned(request, moved.plan, read, digest, says=moved.says, status=409)
    if plan.faults:
        return _planned(request, plan, read, digest)
    told = _("Done: %(added)d added, %(changed)d changed, %(same)d were so already.") % plan.counts
    messages.success(request, told)
    return redirect("configuration-history")


def _sent(request: HttpRequest) -> tuple[Read, str]:
    """The file that came along, or the one that was sent before and lies under its digest."""
    upload = request.FILES.get("file")
    if upload is not None:
        place, name = keep(upload)
        return read_configuration(place.read_bytes()[: LARGEST + 1], name), place.name
    digest, name = request.POST.get("digest", ""), request.POST.get("name", "")[:120]
    place = folder() / digest
    if not _DIGEST.fullmatch(digest) or not place.is_file():
        says = _("No file came along. Choose one, then look at what it would do.")
        raise InvalidFacts(says, {"file": says})
    return read_configuration(place.read_bytes()[: LARGEST + 1], "" if fault_of(name) else name), digest


def _planned(
    request: HttpRequest, plan: Plan, read: Read, digest: str, *, says: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    steps = [
        {
            "step": step, "kind": (kind := kind_named(step.section)),
            "changes": [told_change(field_title(kind, one.name), one.before, one.after) for one in step.differences]
            if step.what == "changed" else [],
        }
        for step in plan.steps
        if step.what != "same"
    ]  # fmt: skip
    left: dict[Any, list[str]] = {}
    for part, name in plan.left:
        left.setdefault(kind_named(part).plural, []).append(name)
    return render(
        request, "web/administration/configuration.html", plan=plan, steps=steps, left=left.items(), name=read.name,
        digest=digest, says=says, status=422 if plan.faults else status,
    )  # fmt: skip
