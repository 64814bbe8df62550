"""Event logs by their formats, for whichever door asks: XES, and OCEL 2.0 in JSON, XML and SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.integrations.object_log import object_log
from gnomon.integrations.object_log_forms import FORMS
from gnomon.integrations.xes import event_log
from gnomon.records import permissions
from gnomon.records.kinds import Kind
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.plugs import Actor

XES = "xes"
MEDIA_TYPES: Mapping[str, str] = {
    XES: "application/xml; charset=utf-8",
    **{name: form.media_type for name, form in FORMS.items()},
}


def log_pieces(
    kind: Kind, person: Actor, parameters: Mapping[str, Sequence[str]], form: str
) -> Iterator[bytes]:  # fmt: skip
    """The log in pieces, for those who may export the kind; InvalidFacts when there is no such format."""
    permissions.require(person, "export", kind)
    if form not in MEDIA_TYPES:
        says = _("There is no format “%(name)s” of event logs. Formats: %(known)s.")
        told = says % {"name": form[:40], "known": ", ".join(MEDIA_TYPES)}
        raise InvalidFacts(told, {"format": told})
    if form == XES:
        return (piece.encode() for piece in event_log(kind, person, parameters))
    return object_log(kind, person, parameters, form)


def log_handed_out(
    kind: Kind, person: Actor, parameters: Mapping[str, Sequence[str]], form: str
) -> StreamingHttpResponse:  # fmt: skip
    """The log as a download."""
    answer = StreamingHttpResponse(log_pieces(kind, person, parameters, form), content_type=MEDIA_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{kind.path}-{timezone.localdate():%Y-%m-%d}.{form}"'
    return answer
