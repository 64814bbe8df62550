"""REST of what hangs on any record: files, links and the people who take part."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from pydantic import Field

from gnomon.records import actions
from gnomon.records.endpoints import EVERY_KIND, Call, Endpoint, Given
from gnomon.records.files import files_of, plain_file
from gnomon.records.models import Link, Participant
from gnomon.records.permissions import may
from gnomon.records.queries.people import person_numbered
from gnomon.records.refusals import InvalidFacts
from gnomon.records.relations import free_part, free_relation, other_end
from gnomon.records.views.files import handed_out

MOST = 200


class LinkGiven(Given):
    other: str = Field(max_length=40, description="the number of the other record")
    relation: str = Field(default="related", max_length=40, description="related, caused_by or duplicate_of")


class PersonGiven(Given):
    person: str = Field(max_length=40, description="the number of the person")
    part: str = Field(default="watcher", max_length=40, description="watcher or contact")


def list_files(call: Call) -> dict[str, Any]:
    """Files newest first; `next` is what to give as `before`."""
    files, limit = files_of(call.record, call.person), call.number("limit", 50, MOST)
    if call.query.get("before"):
        files = files.filter(pk__lt=call.number("before", 1, 999_999_999))
    page = list(files[: limit + 1])
    return {
        "files": [plain_file(call.record.kind, file) for file in page[:limit]],
        "next": page[limit - 1].pk if len(page) > limit else None,
    }


def attach_file(call: Call) -> dict[str, Any]:
    """Keep one file; the same bytes again answer the file that is there."""
    if len(call.files) != 1:
        says = _("Send one file as “file”.")
        raise InvalidFacts(says, {"file": says})
    internal = call.query.get("internal", "") in {"1", "true"} and may(call.person, "read", call.record.kind)
    return plain_file(call.record.kind, actions.attach(call.record, call.files[0], by=call.person, internal=internal))


def read_file(call: Call) -> Any:
    """The bytes of a file."""
    file = files_of(call.record, call.person).filter(pk=call.key()).first()
    if file is None:
        raise Http404
    return handed_out(file)


def list_links(call: Call) -> dict[str, Any]:
    """Links in both directions to records that whoever asks may know of."""
    number = call.record.number
    told = [
        *Link.objects.filter(number=number).values_list("relation", "other_number"),
        *((f"{relation}:from", other) for relation, other in
          Link.objects.filter(other_number=number).values_list("relation", "number")),
    ]  # fmt: skip
    known = [(relation, other) for relation, other in told[:MOST] if other_end(other, call.person) is not None]
    return {"links": [{"relation": relation, "other": other} for relation, other in known]}


def make_link(call: Call) -> dict[str, Any]:
    """Relate the record to another; said twice it is made once."""
    relation, other = free_relation(call.given.get("relation", "related")), _other(call, call.given.get("other", ""))
    actions.link(call.record, other, relation, by=call.person)
    return {"relation": relation, "other": other.number}


def take_link_back(call: Call) -> None:
    """Take a link of this record back."""
    relation = free_relation(call.place["relation"])
    actions.unlink(call.record, _other(call, call.place["other"]), relation, by=call.person)


def list_people(call: Call) -> dict[str, Any]:
    """Who takes part: for staff all, for others themselves."""
    parts = Participant.objects.filter(number=call.record.number)
    if not may(call.person, "read", call.record.kind):
        parts = parts.filter(person=call.person.number)
    return {"people": [{"person": one.person, "part": one.part} for one in parts]}


def add_person(call: Call) -> dict[str, Any]:
    """Give a person a part; only staff give parts to others."""
    part = free_part(call.given.get("part", "watcher"))
    person = _person(call, call.given.get("person", ""))
    actions.join(call.record, person, part, by=call.person)
    return {"person": person.number, "part": part}


def take_person_off(call: Call) -> None:
    """Take a part away."""
    actions.leave(call.record, _person(call, call.place["person"]), free_part(call.place["part"]), by=call.person)


def _other(call: Call, number: str) -> Any:
    other = other_end(number, call.person)
    if other is None:
        raise Http404
    return other


def _person(call: Call, number: str) -> Any:
    """A person to give a part to: anybody for staff, only themselves for others."""
    if number != call.person.number and not may(call.person, "read", call.record.kind):
        raise Http404
    person = person_numbered(number.upper())
    if person is None:
        raise Http404
    return person


PAGED = {"limit": "files on a page; 50 when left out", "before": "what the page before gave as “next”"}
LIST_FILES = Endpoint("list_files", "get", "files", list_files, "Files of the record", EVERY_KIND, parameters=PAGED)
ATTACH = Endpoint(
    "attach_file", "post", "files", attach_file, "Attach a file", EVERY_KIND, status=201, files=True,
    parameters={"internal": "1 keeps it among staff"},
)  # fmt: skip
READ_FILE = Endpoint(
    "read_file", "get", "files/{key}", read_file, "A file's bytes", EVERY_KIND, media_type="application/octet-stream"
)
LIST_LINKS = Endpoint("list_links", "get", "links", list_links, "Links of the record", EVERY_KIND)
LINK = Endpoint(
    "link_record", "post", "links", make_link, "Link to another record", EVERY_KIND, takes=LinkGiven, status=201
)
UNLINK = Endpoint(
    "unlink_record", "delete", "links/{relation}/{other}", take_link_back, "Take a link back", EVERY_KIND, status=204
)
LIST_PEOPLE = Endpoint("list_participants", "get", "people", list_people, "Who takes part", EVERY_KIND)
JOIN = Endpoint(
    "add_participant", "post", "people", add_person, "Give a part", EVERY_KIND, takes=PersonGiven, status=201
)
LEAVE = Endpoint(
    "remove_participant",
    "delete",
    "people/{person}/{part}",
    take_person_off,
    "Take a part away",
    EVERY_KIND,
    status=204,
)
