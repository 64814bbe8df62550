"""What hangs on a record: words, files, links."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.records import actions
from gnomon.records.attachments import SHOWN, path_of
from gnomon.records.kinds import Kind, find_record
from gnomon.records.models import Attachment
from gnomon.records.permissions import visible
from gnomon.records.refusals import InvalidFacts
from gnomon.records.timelines import RELATIONS, relation_title
from gnomon.records.views.finding import found, is_staff, person_of
from gnomon.records.views.page import CommentForm, record_page
from gnomon.records.views.writing import put_errors
from gnomon.ui.render import render


@require_POST
def comment(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Say something about a record."""
    record, staff = found(request, kind, number), is_staff(request, kind)
    form = CommentForm(request.POST, staff=staff)
    if form.is_valid():
        try:
            actions.comment(
                record,
                form.cleaned_data["text"],
                by=person_of(request),
                internal=form.cleaned_data.get("internal", False),
            )
            return redirect(record)
        except InvalidFacts as refused:
            put_errors(form, refused)
    answer = record_page(request, kind, number, comment_form=form)
    answer.status_code = 422
    return answer


@require_POST
def attach(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Keep files with a record."""
    record = found(request, kind, number)
    uploads = request.FILES.getlist("file")
    if not uploads:
        says = _("No file came along. Choose one, then attach it.")
        raise InvalidFacts(says, {"file": says})
    with transaction.atomic():  # all of them or none, so that sending again doubles nothing
        for upload in uploads:
            actions.attach(record, upload, by=person_of(request))
    return redirect(record)


def download(request: HttpRequest, kind: Kind, number: str, key: int) -> FileResponse:
    """A file as it was given; pictures are shown, all else is saved, nothing is run."""
    record = found(request, kind, number)
    file = Attachment.objects.filter(number=record.number, pk=key).first()
    if file is None or (file.internal and not is_staff(request, kind)):
        raise Http404(_("There is no such page."))
    try:
        opened = path_of(file.sha256).open("rb")
    except FileNotFoundError:
        raise Http404(_("The file itself is missing from the store. Ask an administrator to restore it.")) from None
    answer = FileResponse(
        opened, as_attachment=file.media_type not in SHOWN, filename=file.name, content_type=file.media_type
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


class LinkForm(forms.Form):
    """The record to relate to, and how."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(relation, relation_title(relation)) for relation in RELATIONS]
        self.fields["relation"] = forms.ChoiceField(label=_("Relation"), choices=choices)
        self.fields["other"] = forms.CharField(
            label=_("Number of the other record"), max_length=40, help_text=_("For example INC-000042.")
        )


def link(request: HttpRequest, kind: Kind, number: str) -> HttpResponse:
    """Relate a record to another of any kind."""
    record, person = found(request, kind, number), person_of(request)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        other = find_record(form.cleaned_data["other"].strip().upper())
        if other is None or not visible(type(other).objects.filter(pk=other.pk), person).exists():
            form.add_error("other", _("There is no record with this number."))
        else:
            try:
                actions.link(record, other, form.cleaned_data["relation"], by=person)
                return redirect(record)
            except InvalidFacts as refused:
                put_errors(form, refused)
    return render(
        request, "records/link.html", partials={"dialog-body": "records/_link.html"}, kind=kind, record=record,
        form=form, list_url=reverse(f"{kind.name}-list"), cancel_url=record.get_absolute_url(), link_url=request.path,
        status=422 if form.errors else 200,
    )  # fmt: skip
