"""Form fields as people meet them: label, help, control, and what is wrong in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString

CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.SelectMultiple, "form-select"),
    (forms.Select, "form-select"),
    (forms.FileInput, "drop-input"),
    (forms.Widget, "form-control"),
)


@dataclass(frozen=True, slots=True)
class DrawnField:
    """A field ready for `ui/_field.html`."""

    bound: BoundField
    control: SafeString
    shape: str
    help_id: str
    error_id: str

    @property
    def wide(self) -> bool:
        """Whether it takes the whole width: prose does, and so does a title."""
        return self.shape in {"prose", "file", "table"} or self.bound.name == "title"


def drawn(bound: BoundField, **extra: Any) -> DrawnField:
    """The field with its control, tied to its help and its errors for those who listen to the page."""
    widget = bound.field.widget
    own_id = bound.id_for_label or bound.auto_id or bound.html_name
    help_id, error_id = f"{own_id}-help", f"{own_id}-error"
    told = [error_id] * bool(bound.errors) + [help_id] * bool(bound.help_text)
    attributes: dict[str, Any] = {"class": _classes(widget, bound)}
    if told:
        attributes["aria-describedby"] = " ".join(told)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    attributes |= {name.replace("_", "-"): value for name, value in extra.items()}
    if shape(widget) == "choices":
        # Each choice is drawn by itself and sees only what the widget, which is this form's own, carries.
        widget.attrs["class"] = attributes["class"]
    return DrawnField(bound, bound.as_widget(attrs=attributes), shape(widget), help_id, error_id)


def shape(widget: forms.Widget) -> str:
    """How a field is laid out: a line, prose, one tick, a set of choices, or a file."""
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.Textarea):
        return "prose"
    if isinstance(widget, forms.FileInput):
        return "file"
    if getattr(widget, "is_table", False):
        return "table"
    return "line"


def _classes(widget: forms.Widget, bound: BoundField) -> str:
    kind = next(classes for type_, classes in CONTROL_CLASSES if isinstance(widget, type_))
    own = widget.attrs.get("class", "")
    return " ".join(part for part in (kind, own, "is-invalid" if bound.errors else "") if part)
