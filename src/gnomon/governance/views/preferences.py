"""How I like to be told, and the administrators' view of the channels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as page_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gnomon.governance.channels import Channel, channels
from gnomon.governance.notices.preferences import choose, mode_of, preferences_of, topics_for
from gnomon.governance.notices.topics import Topic
from gnomon.organization.models import Person, WorkCalendar
from gnomon.organization.sign_in import signed_in
from gnomon.ui.render import render


class NoticesForm(forms.Form):
    """A choice for each topic and channel, quiet hours, and the hour of the digest."""

    def __init__(self, given: Any, person: Person) -> None:
        super().__init__(given)
        preference = preferences_of([person])[person.number]
        modes = [("at_once", _("At once")), ("digest", _("In the digest")), ("never", _("Only here"))]
        for channel in channels():
            for topic in topics_for(person):
                self.fields[f"{topic.name}-{channel.name}"] = forms.ChoiceField(
                    label=f"{topic.title} · {channel.title}", choices=modes,
                    initial=mode_of(preference, person, topic, channel.name),
                )  # fmt: skip
        self.fields["working_hours"] = forms.ModelChoiceField(
            WorkCalendar.objects.filter(status="in_use").order_by("title"), label=_("My working hours"), required=False,
            initial=preference.working_hours, empty_label=_("None: tell me at any hour"),
            help_text=_("Outside of them nothing is sent; it waits until they begin. Only what is urgent does not wait."),
        )  # fmt: skip
        self.fields["digest_hour"] = forms.TypedChoiceField(
            label=_("The digest comes at"), coerce=int, initial=preference.digest_hour,
            choices=[(hour, f"{hour:02d}:00") for hour in range(24)],
        )  # fmt: skip

    def chosen(self, person: Person) -> dict[str, dict[str, str]]:
        return {
            topic.name: {channel.name: self.cleaned_data[f"{topic.name}-{channel.name}"] for channel in channels()}
            for topic in topics_for(person)
        }

    def rows(self, person: Person) -> list[tuple[Topic, list[Any]]]:
        """The choices as a table: a row for each topic, a cell for each channel."""
        return [
            (topic, [self[f"{topic.name}-{channel.name}"] for channel in channels()]) for topic in topics_for(person)
        ]


def own_notices(request: HttpRequest) -> HttpResponse:
    """How I like to be told."""
    person = signed_in(request)
    form = NoticesForm(request.POST if request.method == "POST" else None, person)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        choose(
            person, choices=form.chosen(person), working_hours=given["working_hours"], digest_hour=given["digest_hour"]
        )
        page_messages.success(request, _("Your choice is saved. It holds from the next message on."))
        return redirect("own_notices")
    return render(
        request, "governance/own_notices.html", form=form, rows=form.rows(person), me=person,
        channels=[_with_state(channel, person) for channel in channels()], status=422 if form.errors else 200,
    )  # fmt: skip


def _with_state(channel: Channel, person: Person) -> dict[str, Any]:
    address = channel.address(person)
    return {"title": channel.title, "off": bool(channel.off()), "address": address}
