"""The map of how records really went (8.1, 9.1)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.evaluation.mining.asked import Question
from gnomon.evaluation.mining.atlas import PACES, Atlas
from gnomon.evaluation.mining.choosing import Chosen, chosen, mineable
from gnomon.evaluation.mining.forms import MiningForm
from gnomon.evaluation.mining.perspectives import perspectives_of
from gnomon.records.permissions import may
from gnomon.ui.queries import changed_query
from gnomon.ui.render import render
from gnomon.ui.tables import Tab
from gnomon.ui.tiles import Tile

HOUR = 3_600_000


def process_map(request: HttpRequest) -> HttpResponse:
    """What follows what, how often, after how long."""
    about = chosen_by(request)
    atlas = Atlas(question_of(request, about), about.activities, about.paths)
    return page(
        request, about, "evaluation/mining/page.html", "evaluation/mining/_map.html", "mining",
        sliders=True, atlas=atlas, tiles=atlas_tiles(atlas), paces=list(enumerate((says for _upto, says in PACES), 1)),
        is_empty=not atlas.graph.cases,
    )  # fmt: skip


def chosen_by(request: HttpRequest) -> Chosen:
    """What the address asks for; 404 for kinds that the person may not read as a whole."""
    person: Any = request.user
    found = chosen(person, request.GET.dict())
    if found.perspective not in {one.name for one in perspectives_of(found.kind)}:
        return Chosen(found.kind, "states", found.choice, found.parameters, found.newest, found.activities, found.paths)
    return found


def question_of(request: HttpRequest, about: Chosen) -> Question:
    """The question to the ledger."""
    person: Any = request.user
    return Question(about.kind, about.perspective, about.parameters, person)


def page(
    request: HttpRequest, about: Chosen, template: str, partial: str, here: str, *, sliders: bool = False,
    seen_as: bool = True, **context: Any,
) -> HttpResponse:  # fmt: skip
    """A page of process mining with its form and tabs, or only what htmx asked for."""
    person: Any = request.user
    start, end = about.choice.days
    perspectives = [(one.name, one.title) for one in perspectives_of(about.kind)] if seen_as else []
    form = MiningForm(about, request.GET.dict(), mineable(person), perspectives, sliders=sliders)
    return render(
        request, template, partials={"mined": partial}, about=about, form=form, tabs=tabs(request, here), start=start,
        end=end, here=reverse(here), may_export=may(person, "export", about.kind),
        export_query=urlencode(about.parameters, doseq=True), partial=partial, **context,
    )  # fmt: skip


def tabs(request: HttpRequest, here: str) -> list[Tab]:
    """The pages of process mining, all about the same records."""
    kept = changed_query(request.GET, {"activities": None, "paths": None, "page": None})
    titles = {
        "mining": _("Map"), "mining-variants": _("Variants"), "mining-waiting": _("Time and waiting"),
        "mining-rework": _("Rework"), "mining-conformance": _("Conformance"),
    }  # fmt: skip
    return [Tab(title, f"{reverse(name)}{kept}", active=name == here) for name, title in titles.items()]


def atlas_tiles(atlas: Atlas) -> list[Tile]:
    """How many went how long, of the ledger or of a log from elsewhere."""
    graph = atlas.graph
    median = graph.durations.median
    return [
        Tile(_("Records"), graph.cases, atlas.all_url),
        Tile(_("Steps"), graph.events, ""),
        Tile(
            _("From first to last step, median"), None if median is None else round(median / HOUR, 1), "",
            unit=pgettext("length of time", "hours"),
        ),
    ]  # fmt: skip
