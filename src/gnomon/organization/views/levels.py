"""What priorities, impacts and urgencies are called, all on one page (8.1)."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gnomon.organization.kinds import LEVEL_NAME
from gnomon.organization.level_names import LANGUAGES, LONGEST, Named, all_levels, call_level
from gnomon.organization.models import LevelName
from gnomon.records import permissions
from gnomon.records.levels import scale_titles
from gnomon.records.permissions import may
from gnomon.records.refusals import InvalidFacts
from gnomon.records.views.finding import person_of
from gnomon.standard.plugs import Actor
from gnomon.ui.render import render


def levels_page(request: HttpRequest) -> HttpResponse:
    """Every scale with the name of each level in both languages; POST gives the names that differ."""
    person = person_of(request)
    permissions.require(person, "read", LEVEL_NAME)
    faults: list[str] = []
    if request.method == "POST":
        permissions.require(person, "change", LEVEL_NAME)
        faults, changed = _named_anew(request, person)
        if not faults:
            messages.success(request, _said(changed))
            return redirect(request.path)
    titles = scale_titles()
    blocks = [
        {"title": titles[scale], "rows": [_row(request, named) for named in levels]}
        for scale, levels in all_levels().items()
    ]
    return render(
        request, "organization/levels.html", blocks=blocks, may_change=may(person, "change", LEVEL_NAME),
        faults=faults, longest=LONGEST, because=request.POST.get("because", ""),
        any_own=LevelName.objects.exists(), status=422 if faults else 200,
    )  # fmt: skip


def _named_anew(request: HttpRequest, person: Actor) -> tuple[list[str], int]:
    """What is wrong, or else how many levels got another name; all of them or none."""
    changed = 0
    try:
        with transaction.atomic():
            for named in (one for levels in all_levels().values() for one in levels):
                wanted = {language: request.POST.get(_input(named, language), "") for language in LANGUAGES}
                because = request.POST.get("because", "").strip()
                changed += call_level(named, wanted, by=person, because=because)
    except InvalidFacts as refused:
        return list(refused.fields.values()) or [refused.says], 0
    return [], changed


def _said(changed: int) -> str:
    if not changed:
        return _("Nothing was different.")
    return ngettext("%(count)d level has another name now.", "%(count)d levels have other names now.", changed) % {
        "count": changed
    }


def _input(named: Named, language: str) -> str:
    return f"{named.scale}-{named.level}-{language}"


def _row(request: HttpRequest, named: Named) -> dict[str, object]:
    typed = request.POST if request.method == "POST" else {}
    inputs = [
        {
            "name": _input(named, language), "usual": named.usual[language], "language": language,
            "value": typed.get(_input(named, language), named.now[language]),
        }
        for language in LANGUAGES
    ]  # fmt: skip
    return {"level": named.level, "inputs": inputs, "own": named.own if named.now != named.usual else None}
