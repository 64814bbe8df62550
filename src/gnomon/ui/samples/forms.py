"""A form with one field of each shape."""

from __future__ import annotations

from django import forms

from gnomon.ui.samples.words import sample_lazy


class SampleForm(forms.Form):
    """One field of each shape."""

    title = forms.CharField(label=sample_lazy("Title"), max_length=200)
    choice = forms.ChoiceField(
        label=sample_lazy("One of several"),
        choices=[("", "–"), ("a", sample_lazy("The first")), ("b", sample_lazy("The second"))],
    )
    moment = forms.DateTimeField(
        label=sample_lazy("Happened at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=sample_lazy("Leave it empty for now."),
    )
    text = forms.CharField(label=sample_lazy("Description"), widget=forms.Textarea, required=False)
    tick = forms.BooleanField(label=sample_lazy("It concerns everybody"), required=False)
    file = forms.FileField(label=sample_lazy("Attachments"), required=False)
