"""What certification adds to the dashboard of management: how conformity stands, from the newest run (5.1, 9.3)."""

from __future__ import annotations

from typing import Literal
from urllib.parse import parse_qs, urlencode, urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from gnomon.certification.kinds import CONFORMITY_RUN
from gnomon.certification.models import ConformityRun
from gnomon.certification.queries.board import BEST_FIRST, chosen, lines_of
from gnomon.certification.queries.stored import newest_run
from gnomon.certification.templatetags.conformity import verdict_words
from gnomon.certification.verdicts import Status
from gnomon.evaluation.boards.declared import Asked, Contribution
from gnomon.evaluation.boards.sheet import Section
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor
from gnomon.ui.durations import moment_words
from gnomon.ui.tiles import Tile

TONES: dict[Status, Literal["", "ok", "warn", "danger"]] = {
    Status.CONFORMING: "ok", Status.OBSERVATION: "warn", Status.NONCONFORMING: "danger", Status.ERROR: "danger",
}  # fmt: skip


def conformity(asked: Asked) -> Section | None:
    """How many requirements have which verdict; nothing for those who may not read conformity."""
    if not may(asked.person, "read", CONFORMITY_RUN):
        return None
    run = newest_run(None, "")
    if run is None:
        return Section(
            _("Conformity"), note=_("Nothing has been checked yet. Open the conformity board and check now.")
        )
    says = _("By %(run)s, as of %(moment)s. Undetermined is never shown as conforming.")
    tiles = [_tile(run, status, run.counts[status]) for status in BEST_FIRST if run.counts.get(status)]
    return Section(
        _("Conformity"), tiles=tiles, note=says % {"run": run.number, "moment": moment_words(run.as_of, asked.now)}
    )


def _tile(run: ConformityRun, status: Status, count: int) -> Tile:
    url = f"{reverse('certification-requirements')}?{urlencode({'run': run.number, 'status': status.value})}"
    return Tile(title=verdict_words(status), value=count, count=count, url=url, tone=TONES.get(status, ""))


def requirements_shown(url: str, person: Actor) -> int | None:
    """How many requirements the list of an address shows."""
    parts = urlsplit(url)
    if parts.path != reverse("certification-requirements") or not may(person, "read", CONFORMITY_RUN):
        return None
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    run = ConformityRun.objects.get(number=given["run"])
    return len(chosen(lines_of(run), given.get("status", "")))


CONFORMITY = Contribution("management", read=conformity, counts=requirements_shown)
