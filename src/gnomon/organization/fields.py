"""Fields of people and calendars: role codes, time zones, service hours."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from gnomon.organization.hours_text import HoursRefused, read, written
from gnomon.organization.roles import known_roles, role_title
from gnomon.ui.values import LongText, Tag


class RolesField(models.JSONField):
    """A list of role codes; people choose them from check boxes and read their titles."""

    def in_words(self, codes: list[str]) -> list[Tag]:
        return [Tag(role_title(code)) for code in codes]

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        return forms.MultipleChoiceField(
            choices=[(role.code, role.title) for role in known_roles()],
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
            **{name: value for name, value in kwargs.items() if name in {"initial", "disabled"}},
        )


@cache
def time_zones() -> tuple[str, ...]:
    """IANA names, those that people choose; abbreviations and system files left out."""
    named = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return (*sorted(named), "UTC")


def is_time_zone(value: str) -> None:
    """Refuse what is no IANA time zone."""
    if value not in time_zones():
        raise ValidationError(_("“%(value)s” is no time zone. Give an IANA name, as Asia/Shanghai.") % {"value": value})


class HoursInput(forms.CharField):
    """Service hours in lines that people write."""

    widget = forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "digits"})

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, dict) and value else value or ""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return read(text) if text else {}
        except HoursRefused as refused:
            raise ValidationError(str(refused)) from refused

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, now = self.prepare_value(initial), str(data or "")
        return [line.strip() for line in before.splitlines()] != [line.strip() for line in now.splitlines()]


class HoursField(models.JSONField):
    """Service hours as the plain data of `gnomon.calendars`; people write and read them in lines."""

    def in_words(self, definition: dict[str, Any]) -> LongText:
        # Official days of past years are many, and nobody looks for them here.
        return LongText(written(definition, since=f"{timezone.localdate().year}-01-01"))

    def formfield(self, **kwargs: Any) -> Any:
        return HoursInput(
            label=kwargs.get("label", self.verbose_name),
            required=kwargs.get("required", True),
            help_text=_(
                "One rule in each line: time zone Asia/Shanghai · mon-fri 09:00-18:00 · "
                "closed 2026-10-01..2026-10-08 · open 2026-10-10. "
                "The line “holidays CN” brings in the official days of all known years."
            ),
        )
