"""The page of one record: facts, moves, clocks, timeline, and what hangs on it."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from gnomon.records.files import files_panel
from gnomon.records.forms import Prose
from gnomon.records.kinds import Kind
from gnomon.records.models import Link, Participant, Record
from gnomon.records.panels import panels_of
from gnomon.records.permissions import may, may_move, told_to, visible
from gnomon.records.queries.history import last_entries
from gnomon.records.queries.people import names_of
from gnomon.records.relations import PARTS, RELATIONS, inverse_title, part_title, relation_title
from gnomon.records.replies import reply_text
from gnomon.records.showing import facts_shown, shown
from gnomon.records.timelines import by_kind, timeline
from gnomon.records.views.finding import found, is_staff, is_unchanged, person_of
from gnomon.records.views.here import who_else
from gnomon.records.views.story import story, without_causes
from gnomon.standard.plugs import Actor
from gnomon.ui.markup import html
from gnomon.ui.render import is_htmx, render, wanted
from gnomon.ui.tables import Option
from gnomon.ui.timeline import FactGroup
from gnomon.ui.values import Ref, Who
from gnomon.workflow.tables import Phase, Workflow

BESIDE = "ui/pane.html"
PARTIALS = {"live": "ui/_record_live.html"}


class CommentForm(forms.Form):
    """Words about a record."""

    text = Prose(widget=forms.Textarea(attrs={"rows": 3}), max_length=100_000)

    def __init__(self, given: Any = None, *, staff: bool = False, begun: str = "") -> None:
        super().__init__(given, auto_id="comment-%s", initial={"text": begun})
        if staff:
            self.fields["internal"] = forms.BooleanField(required=False)


def record_page(
    request: HttpRequest, kind: Kind, number: str, template: str = "ui/record_page.html", **more: Any
) -> HttpResponse:
    """Everything about one record that this person may see."""
    record = found(request, kind, number, with_related=True)
    staff = is_staff(request, kind)
    person = person_of(request)
    led = _led_on(request, kind, record, person)
    if led is not None:
        return led
    others, tag = who_else(request, kind, record)
    if is_unchanged(request, tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    if wanted(request) == "pane":
        more = {"frame": BESIDE, **more}
    special = (kind.cells([record]) if kind.cells is not None else {}).get(record.number, {})
    here = record.get_absolute_url()
    commenting = may(person, "comment", kind)
    clocks = list(kind.stories(record)) if kind.stories is not None else []
    if not staff:
        clocks = without_causes(clocks)
    participants = _participants(record, person) if staff else []
    watches = any(one["mine"] and one["part"] == "watcher" for one in participants)
    # What “More” offers is not drawn as a button as well.
    more_ways = kind.more(record, person) if kind.more is not None and staff else ()
    context: dict[str, Any] = {
        "kind": kind,
        "record": record,
        "list_url": reverse(f"{kind.name}-list"),
        "state": shown(kind, record, "status"),
        "priority": special.get("priority"),
        "path": _path(kind, record),
        "moves": [
            move for move in open_moves(kind, record, person) if move.name not in {one.name for one in more_ways}
        ],
        "more": more_ways,
        "edit_url": f"{here}/edit" if may(person, "change", kind) else "",
        "description": getattr(record, "description", ""),
        "groups": _groups(kind, record, person),
        "clocks": clocks,
        "comment_form": CommentForm(staff=staff, begun=_begun(request, record, person)) if commenting else None,
        "comment_url": f"{here}/comment",
        "since_url": f"{here}/timeline/since/0",
        "mention_url": f"{here}/people/mentionable" if commenting and staff else "",
        "replies_url": f"{here}/replies" if commenting and staff else "",
        "links": _links(record, person),
        "link_url": f"{here}/link" if commenting and staff else "",
        "unlink_url": f"{here}/link/undo" if commenting and staff else "",
        **files_panel(record, person),
        "attach_url": f"{here}/attach" if commenting else "",
        "attach_internal": staff,
        "participants": participants,
        "people_url": f"{here}/people" if commenting and staff else "",
        "leave_url": f"{here}/people/leave" if commenting and staff else "",
        "watch_url": f"{here}/people/watch" if commenting and staff and not watches else "",
        "requirements": _requirements(kind) if staff else [],
        "history_url": f"{here}/history" if staff else "",
        "others": [other.name for other in others],
        "editors": [other.name for other in others if other.editing],
        "panels": panels_of(record, person, staff=staff),
        "live_tag": tag,
    }
    context |= story(request, kind, record, clocks, staff=staff)
    answer = render(request, template, partials=PARTIALS, **(context | more))
    answer["ETag"] = tag
    return answer


def _begun(request: HttpRequest, record: Record, person: Any) -> str:
    """The ready reply that was chosen on a page without scripts."""
    name = request.GET.get("reply", "")
    return (reply_text(record, person, name) or "") if name else ""


def _led_on(request: HttpRequest, kind: Kind, record: Record, person: Actor) -> HttpResponse | None:
    """The way to the record that this one became part of, unless somebody wants to stay."""
    if kind.leads_to is None or is_htmx(request) or "stay" in request.GET:
        return None
    further = kind.leads_to(record, person)
    if further is None:
        return None
    stay = html('<a href="{}?stay=1">{}</a>', record.get_absolute_url(), record.number)
    messages.info(
        request, html(_("{} was merged into this one. What was said there stands in the timeline here."), stay)
    )
    return redirect(further)


def history_page(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Who changed what: every ledger entry with its digest."""
    record = found(request, kind, number)
    if not is_staff(request, kind):
        return record_page(request, kind, number)
    entries = last_entries(record, 1000)
    names = names_of(entry.actor for entry in entries)
    lines = [
        {"entry": entry, "actor": names[entry.actor], "digest": bytes(entry.digest).hex(), "told": told}
        for entry, told in zip(
            entries, timeline(kind, record, entries, to=person_of(request), internal=True), strict=True
        )
    ]
    return render(
        request, "records/history.html", kind=kind, record=record, lines=lines,
        list_url=reverse(f"{kind.name}-list"), cancel_url=record.get_absolute_url(),
    )  # fmt: skip


def open_moves(kind: Kind, record: Record, person: Any) -> list[Option]:
    """The moves that this person may take from here: first the one that leads on, last those that end it with a reason."""
    here, workflow = record.get_absolute_url(), kind.workflow_of(record)
    moves = [move for move in workflow.moves_from(record.status) if may_move(person, kind, move)]
    onward = _next_on_the_path(workflow, record.status)
    ending = {move.name for move in moves if move.because and workflow.state(move.end).phase is Phase.CLOSED}
    moves.sort(key=lambda move: (move.name in ending, move.end != onward))
    return [
        Option(move.name, move.title, f"{here}/{move.name}", icon=_MOVE_ICONS.get(move.name, ""),
               tone="danger" if move.name in ending or move.name in {"cancel", "retire", "withdraw"} else "")
        for move in moves
    ]  # fmt: skip


_MOVE_ICONS = {
    "assign": "user", "start": "player-play", "resume": "player-play", "wait": "player-pause", "resolve": "check",
    "close": "lock", "reopen": "arrow-back-up", "escalate": "flag", "cancel": "x",
}  # fmt: skip


def _path(kind: Kind, record: Record) -> list[dict[str, Any]]:
    """The usual way through the workflow: its states in their order, without the ones that lead aside."""
    workflow = kind.workflow_of(record)
    here = workflow.state(record.status)
    aside = _aside(workflow)
    states = [state for state in workflow.states if state.name not in aside or state is here]
    at = states.index(here)
    return [
        {"title": state.title, "phase": str(state.phase), "at": "past" if i < at else "now" if i == at else "ahead"}
        for i, state in enumerate(states)
    ]


def _aside(workflow: Workflow) -> set[str]:
    """States that lead aside from the usual way: waiting, and every end but the first."""
    waiting = {state.name for state in workflow.states if state.phase is Phase.WAITING}
    return waiting | set(workflow.within(Phase.CLOSED)[1:])


def _next_on_the_path(workflow: Workflow, status: str) -> str:
    """The state that usually follows; from aside it is the one that was left."""
    names = [state.name for state in workflow.states]
    aside = _aside(workflow)
    before = [name for name in names[: names.index(status)] if name not in aside]
    after = [name for name in names[names.index(status) + 1 :] if name not in aside]
    if status in aside:
        return before[-1] if before else ""
    return after[0] if after else ""


SPARE = 8


def _groups(kind: Kind, record: Record, person: Any) -> list[FactGroup]:
    """What people fill; and folded, when there is much of it, what followed from that."""
    names = _fact_names(kind, record, person)
    told = {*kind.fields, *kind.columns, *kind.shows, "owner", "recorded_at"}
    further = [name for name in names if name not in told]
    if len(further) < SPARE:
        return [FactGroup(_("Facts"), facts_shown(kind, record, names))]
    main = facts_shown(kind, record, [name for name in names if name in told])
    return [
        FactGroup(_("Facts"), main),
        FactGroup(_("Further facts"), facts_shown(kind, record, further)[: len(further)], folded=True),
    ]


def _fact_names(kind: Kind, record: Record, person: Any) -> list[str]:
    """What people fill, whether or not it is filled, and of all else what says something and is theirs to know."""
    hidden = {"number", "title", "description"}
    further = [
        field.name
        for field in kind.model._meta.concrete_fields
        if field.name not in {"id", "number", "title", "version", "workflow_version", "custom", "status", "password",
                              "last_login", "source", "owner", *kind.fields}
        and getattr(record, field.attname) not in (None, "", False, 0)
    ]  # fmt: skip
    known = told_to(person, kind)
    names = [*kind.fields, "owner", *further] if known is None else [*kind.columns, *further]
    return [name for name in dict.fromkeys(names) if name not in hidden and (known is None or name in known)]


def _links(record: Record, person: Any) -> list[dict[str, Any]]:
    pairs: list[tuple[str, str, bool]] = [
        *((relation, number, False) for relation, number in
          Link.objects.filter(number=record.number).values_list("relation", "other_number")),
        *((relation, number, True) for relation, number in
          Link.objects.filter(other_number=record.number).values_list("relation", "number")),
    ]  # fmt: skip
    known: dict[str, Ref] = {}
    for kind, numbers in by_kind(number for _relation, number, _in in pairs).items():
        for other in visible(kind.model.objects.filter(number__in=numbers), person):
            known[other.number] = Ref(other.number, other.title, other.get_absolute_url())
    links: list[dict[str, Any]] = sorted(
        (
            {"title": (inverse_title if incoming else relation_title)(relation), "ref": known[number],
             "relation": relation, "incoming": incoming, "free": relation in RELATIONS}
            for relation, number, incoming in pairs if number in known
        ),
        key=lambda one: (str(one["title"]), one["ref"].number),
    )  # fmt: skip
    return [{"relation": title, "links": list(group)} for title, group in groupby(links, key=itemgetter("title"))]


PEOPLE = 100


def _participants(record: Record, person: Any) -> list[dict[str, Any]]:
    """Who takes part; those parts that people give and take by hand can be taken away here."""
    # A disturbance may hit thousands; who was given a part by hand comes first.
    known = Participant.objects.filter(number=record.number)
    parts = list(known.order_by(Case(When(part__in=PARTS, then=0), default=1), "id")[:PEOPLE])
    names = names_of(part.person for part in parts) if parts else {}
    return [
        {"who": Who(names[one.person], one.person), "role": part_title(one.part), "part": one.part,
         "free": one.part in PARTS, "mine": one.person == person.number}
        for one in parts
    ]  # fmt: skip


def _requirements(kind: Kind) -> list[dict[str, Any]]:
    """What these records are evidence for, when the judgement floor is there to show it."""
    shown = []
    for requirement in kind.requirements:
        try:
            url = reverse("certification-requirement", args=[requirement])
        except NoReverseMatch:
            url = ""
        shown.append({"requirement": requirement, "title": "", "url": url, "verdict": None})
    return shown
