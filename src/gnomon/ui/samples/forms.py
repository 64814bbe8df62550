"""A form with one field of each shape."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class SampleForm(forms.Form):
    """One field of each shape."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    choice = forms.ChoiceField(
        label=gettext_lazy("One of several"),
        choices=[("", "–"), ("a", gettext_lazy("The first")), ("b", gettext_lazy("The second"))],
    )
    moment = forms.DateTimeField(
        label=gettext_lazy("Happened at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("Leave it empty for now."),
    )
    text = forms.CharField(label=gettext_lazy("Description"), widget=forms.Textarea, required=False)
    tick = forms.BooleanField(label=gettext_lazy("It concerns everybody"), required=False)
    file = forms.FileField(label=gettext_lazy("Attachments"), required=False)
