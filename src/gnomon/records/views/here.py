"""Who else is at a record: on its page, beside its forms, and as the part of a form's page that refreshes itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from gnomon.records.kinds import Kind
from gnomon.records.models import Record
from gnomon.records.presence import Other, Present, mark_of, note_presence, others_at, present
from gnomon.records.views.finding import found, is_staff, is_unchanged, person_of
from gnomon.records.watching import slot, watch
from gnomon.standard.plugs import Actor
from gnomon.ui.render import render


def who_else(request: HttpRequest, kind: Kind, record: Record) -> tuple[list[Other], str]:
    """Others at a record, for staff, who are noted as being there too; and the ETag of its page."""
    staff, person, number = is_staff(request, kind), person_of(request), record.number
    there = _come(request, kind, number, person) if staff else []

    def mark(asked: HttpRequest) -> str:
        version = kind.model.objects.filter(pk=record.pk).values_list("version", flat=True).first()
        now_there = _come(asked, kind, number, person) if staff else []
        return f"{version}.{mark_of(now_there)}.{slot()}"

    watch(request, mark)
    return others_at(there).get(number, []), f'"{record.version}.{mark_of(there)}.{slot()}.{number}"'


def _come(request: HttpRequest, kind: Kind, number: str, person: Actor) -> Present:
    """Note that a person is at a record, as the page says: looking, or with a form open; and answer who else is."""
    note_presence(kind, number, person, editing="HTTP_GNOMON_EDITING" in request.META)
    return present(kind, person, number)


def beside_a_form(request: HttpRequest, kind: Kind, record: Record) -> dict[str, Any]:
    """What a form over a record says of others who edit it, for staff; and that this person does."""
    if not is_staff(request, kind):
        return {}
    person = person_of(request)
    note_presence(kind, record.number, person, editing=True)
    others = others_at(present(kind, person, record.number)).get(record.number, [])
    return {
        "editors": [other.name for other in others if other.editing],
        "others_url": f"{record.get_absolute_url()}/others",
    }


def others_page(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """The part of a form's page that tells of others; asking for it says that this person edits."""
    record = found(request, kind, number)
    person = person_of(request)
    told = beside_a_form(request, kind, record)
    there = present(kind, person, record.number) if told else []
    tag = f'"{mark_of(there)}.{number}"'

    def mark(_asked: HttpRequest) -> str:
        note_presence(kind, record.number, person, editing=True)
        return mark_of(present(kind, person, record.number))

    if told:
        watch(request, mark)
    if is_unchanged(request, tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    answer = render(request, "ui/_others.html", record=record, **told)
    answer["ETag"] = tag
    return answer
