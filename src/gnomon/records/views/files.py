"""Files of a record: kept, listed, looked at and handed out; nothing in them is ever run in our name."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.records import actions
from gnomon.records.attachments import SHOWN, path_of
from gnomon.records.files import PAGE, files_of, is_pdf, shown_file, sort_of_file, text_of
from gnomon.records.kinds import Kind
from gnomon.records.models import Attachment, Record
from gnomon.records.queries.people import names_of
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.records.views.finding import found, is_staff, person_of
from gnomon.ui.render import render
from gnomon.ui.values import Who

# A file shown by the browser must not reach us: no scripts, no requests, an origin of its own.
SEALED = "default-src 'none'; sandbox"
# The browser's own viewer of PDF does not start in a sandbox; a PDF runs nothing in our origin.
SEALED_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@require_POST
def attach(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Keep files with a record; a script that sends them one by one is answered in JSON."""
    record = found(request, kind, number)
    by_script = "application/json" in request.headers.get("Accept", "")
    try:
        kept = _keep(request, kind, record)
    except (InvalidFacts, NotAllowed) as refused:
        if not by_script:
            raise
        return JsonResponse({"says": refused.says}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    again = ", ".join(file.name for file in kept if file.known)
    says = _("Already attached, and not kept twice: %(names)s.") % {"names": again} if again else ""
    if by_script:
        return JsonResponse({"says": says, "names": [file.name for file in kept]}, status=HTTPStatus.CREATED)
    if says:
        messages.info(request, says)
    return redirect(record)


def _keep(request: HttpRequest, kind: Kind, record: Record) -> list[Attachment]:
    uploads = request.FILES.getlist("file")
    if not uploads:
        says = _("No file came along. Choose one, then attach it.")
        raise InvalidFacts(says, {"file": says})
    internal = "internal" in request.POST and is_staff(request, kind)
    with transaction.atomic():  # all of them or none, so that sending again doubles nothing
        return [actions.attach(record, upload, by=person_of(request), internal=internal) for upload in uploads]


def files_page(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """All files of a record, a page at a time."""
    record = found(request, kind, number)
    files = files_of(record, person_of(request))
    before = request.GET.get("before", "")
    count = files.count()
    if before.isascii() and before.isdigit() and len(before) < 18:
        files = files.filter(pk__lt=int(before))
    page = list(files[: PAGE + 1])
    here = record.get_absolute_url()
    return render(
        request, "records/files.html", kind=kind, record=record, count=count,
        files=[shown_file(file, here) for file in page[:PAGE]], list_url=reverse(f"{kind.name}-list"),
        next_url=f"{here}/files?before={page[PAGE - 1].pk}" if len(page) > PAGE else "", cancel_url=here,
    )  # fmt: skip


def preview(request: HttpRequest, kind: Kind, number: str, key: int) -> HttpResponse:
    """What can be shown of a file without opening it: a picture, text as text, else its facts."""
    record = found(request, kind, number)
    files = files_of(record, person_of(request))
    file = _file(request, record, key)
    here, sort = record.get_absolute_url(), sort_of_file(file)
    newer, older = files.filter(pk__gt=key).last(), files.filter(pk__lt=key).first()
    context: dict[str, Any] = {
        "file": shown_file(file, here), "sha256": file.sha256, "sort": sort,
        "text": text_of(file) if sort == "text" else "",
        "by": Who(names_of([file.actor])[file.actor], file.actor),
        "newer": shown_file(newer, here) if newer else None, "older": shown_file(older, here) if older else None,
    }  # fmt: skip
    return render(
        request, "records/file.html", partials={"dialog-body": "records/_file.html"}, kind=kind, record=record,
        list_url=reverse(f"{kind.name}-list"), cancel_url=here, **context,
    )  # fmt: skip


def download(request: HttpRequest, kind: Kind, number: str, key: int) -> FileResponse:
    """A file as it was given; pictures are shown, PDF on request, all else is saved, nothing is run."""
    record = found(request, kind, number)
    file = _file(request, record, key)
    return handed_out(file, inline="show" in request.GET)


def handed_out(file: Attachment, *, inline: bool = False) -> FileResponse:
    """The bytes of a file, sealed off from everything of ours."""
    shows_pdf = inline and is_pdf(file)
    try:
        opened = path_of(file.sha256).open("rb")
    except FileNotFoundError:
        raise Http404(_("The file itself is missing from the store. Ask an administrator to restore it.")) from None
    answer = FileResponse(
        opened, as_attachment=file.media_type not in SHOWN and not shows_pdf, filename=file.name,
        content_type=file.media_type,
    )  # fmt: skip
    answer["Content-Security-Policy"] = SEALED_PDF if shows_pdf else SEALED
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _file(request: HttpRequest, record: Record, key: int) -> Attachment:
    file = files_of(record, person_of(request)).filter(pk=key).first() if key < 2**63 else None
    if file is None:
        raise Http404(_("There is no such page."))
    return file
