"""Fields of people: role codes, time zones."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from gnomon.organization.roles import ROLES


class RolesField(models.JSONField):
    """A list of role codes; people choose them from check boxes."""

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        return forms.MultipleChoiceField(
            choices=[(role.code, role.title) for role in ROLES],
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
