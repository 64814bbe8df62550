"""Forms for what a person keeps about themself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from gnomon.organization.actions.tokens import MOST_CALLS
from gnomon.organization.fields import time_zones
from gnomon.organization.scopes import ADMIN, EVERYTHING
from gnomon.records.kinds import kinds
from gnomon.records.permissions import may
from gnomon.standard.plugs import Actor


class OwnSettingsForm(forms.Form):
    """Language, time zone and telephone."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the browser asks")), *settings.LANGUAGES]
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, help_text=_("All times are shown in it."))
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)
        zones.choices = [("", settings.TIME_ZONE), *((name, name) for name in time_zones())]


class GivenPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("New password"), strip=False, max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("New password, once more"), strip=False, max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", _("The two new passwords differ. Type the same one twice."))
        return cleaned


class PasswordForm(GivenPasswordForm):
    """The present password, and twice the new one."""

    present = forms.CharField(
        label=_("Present password"), strip=False, max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    field_order = ("present", "password", "again")


class TokenForm(forms.Form):
    """A name, what the token may do and with which kinds, how long it lives, and how often it may call."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Which program uses it."))
    verbs = forms.MultipleChoiceField(
        label=_("May"), widget=forms.CheckboxSelectMultiple, initial=["read"],
        choices=[("read", _("read")), ("write", _("write")), (ADMIN, _("administer tokens and webhooks"))],
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Only with"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everything that you may see yourself."),
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("Ends after"), coerce=lambda days: timedelta(days=int(days)), initial="90",
        choices=[("30", _("30 days")), ("90", _("90 days")), ("365", _("a year"))],
    )  # fmt: skip
    calls_per_minute = forms.IntegerField(
        label=_("Calls per minute"), required=False, min_value=1, max_value=MOST_CALLS,
        help_text=_("Empty: as many as this installation lets through."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (kind.name, capfirst(str(kind.plural))) for kind in kinds() if may(person, "read", kind) or kind.sees
        ]

    def scopes(self) -> list[str]:
        """What was chosen, as scopes."""
        chosen = self.cleaned_data["kinds"] or [EVERYTHING]
        verbs = [verb for verb in self.cleaned_data["verbs"] if verb != ADMIN]
        ends = [ADMIN] if ADMIN in self.cleaned_data["verbs"] else []
        return [f"{kind}:{verb}" for kind in chosen for verb in verbs] + ends
