"""Controls of forms that know records, moments and prose."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.records.kinds import kind_of
from gnomon.records.models import Record
from gnomon.standard.plugs import Actor


class RecordChoice(forms.CharField):
    """A record of another kind, written as its number or its exact title."""

    def __init__(self, related: type[Record], person: Actor, **options: Any) -> None:
        super().__init__(**options)
        self.related, self.person = related, person
        self.widget.attrs |= {
            "data-suggest": reverse("record-suggestions", args=[kind_of(related).name]),
            "autocomplete": "off",
            "list": f"known-{kind_of(related).name}",
        }

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.related.objects.filter(pk=value).first()
        return f"{value.number} {value.title}" if isinstance(value, Record) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        known = self.related.objects.visible_to(self.person)
        found = list(known.filter(number=text.split()[0])[:1]) or list(known.filter(title=text)[:2])
        if len(found) == 1:
            return found[0]
        says = (
            _("“%(text)s” fits several. Write the number.")
            if found
            else _("There is no “%(text)s”. Choose from the list.")
        )
        raise forms.ValidationError(says % {"text": text})


class MomentInput(forms.DateTimeField):
    """A moment in the zone of the person who fills the form."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        if hasattr(value, "astimezone") and getattr(value, "tzinfo", None) is not None:
            return value.astimezone(timezone.get_current_timezone()).replace(tzinfo=None)
        return value

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        try:
            return moment.astimezone(UTC) if moment is not None else None
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another minute was typed: the form shows no seconds, so it must not take them away."""
        return bool(minute_of(initial) != minute_of(self.to_python(data)))


class Prose(forms.CharField):
    """Text of several lines; browsers send other line ends than they were given."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial or "") != self.to_python(data or "")


def minute_of(moment: Any) -> Any:
    """The minute that a moment lies in; None stands for itself."""
    return moment if moment is None else moment.astimezone(UTC).replace(second=0, microsecond=0)
