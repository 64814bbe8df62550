from __future__ import annotations

import re

from django import forms
from django.template import Context, Template

from gnomon.ui.fields import drawn


class Report(forms.Form):
    title = forms.CharField(label="Title", max_length=10, help_text="What happens.")
    text = forms.CharField(label="Description", widget=forms.Textarea, required=False)
    how = forms.ChoiceField(label="How", choices=[("a", "by mail"), ("b", "by phone")], widget=forms.RadioSelect)
    everybody = forms.BooleanField(label="Concerns everybody", required=False)
    file = forms.FileField(label="Attachments", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=7)


def page(template: str, form: forms.Form) -> str:
    return Template("{% load gnomon %}" + template).render(Context({"form": form}))


def test_a_control_is_tied_to_its_label_its_help_and_what_is_wrong() -> None:
    shown = page("{% field form.title %}", Report({"title": "far too long a title"}))
    assert 'label class="form-label" for="id_title"' in shown
    assert 'aria-describedby="id_title-error id_title-help"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_title-error"' in shown
    assert "has 20" in shown


def test_a_field_that_is_well_has_no_word_of_error() -> None:
    shown = page("{% field form.title %}", Report())
    assert "aria-invalid" not in shown
    assert "field-error" not in shown
    assert "required" in shown


def test_all_fields_are_drawn_once_in_their_order() -> None:
    shown = page("{% fields form %}", Report())
    assert re.findall(r'name="(\w+)"', shown) == ["seen", "title", "text", "how", "how", "everybody", "file"]
    assert "<fieldset" in shown
    assert "data-drop" in shown


def test_the_summary_leads_to_each_field_that_is_wrong() -> None:
    form = Report({"title": "", "how": "c", "seen": "7"})
    form.add_error(None, "The service is closed.")
    shown = page("{% error_summary form %}", form)
    assert "The service is closed." in shown
    assert 'href="#id_title"' in shown
    assert 'href="#id_how"' in shown
    assert shown.count("<li>") == 3
    # What it leads to is there.
    fields = page("{% fields form %}", form)
    assert 'id="id_title"' in fields
    assert 'id="id_how"' in fields


def test_a_form_without_errors_has_no_summary() -> None:
    assert page("{% error_summary form %}", Report()).strip() == ""


def test_what_was_typed_stays_text() -> None:
    shown = page("{% fields form %}", Report({"title": '"><script>'}))
    assert "<script>" not in shown


def test_choices_carry_the_look_of_the_kit() -> None:
    assert page("{% field form.how %}", Report()).count('class="form-check-input"') == 2
    assert drawn(Report()["file"]).shape == "file"
