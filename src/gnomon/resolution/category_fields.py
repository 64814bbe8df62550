"""The category of an incident: chosen from the tree, or typed, for other systems have their own words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class CategoryInput(forms.TextInput):
    """A line with the categories as suggestions; it needs no script."""

    def __init__(self, *, sub: bool, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.sub = sub

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        from gnomon.resolution.categories import offered

        known = offered(sub=self.sub)
        listed = f"{(attrs or {}).get('id', name)}-known"
        line = super().render(name, value, {**(attrs or {}), "list": listed, "autocomplete": "off"}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', known)
        return format_html('{}<datalist id="{}">{}</datalist>', line, listed, options)


class CategoryField(models.CharField):  # type: ignore[type-arg]
    """The words of a category; people read it in their language."""

    def __init__(self, *arguments: Any, sub: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.sub = sub

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, options | ({"sub": True} if self.sub else {})

    def in_words(self, value: str) -> str:
        from gnomon.resolution.categories import in_words

        return in_words(value, sub=self.sub)

    def offered(self) -> list[tuple[str, str]]:
        """What a filter offers."""
        from gnomon.resolution.categories import offered

        return offered(sub=self.sub)

    def formfield(self, **kwargs: Any) -> Any:
        return forms.CharField(
            label=kwargs.get("label", self.verbose_name), required=kwargs.get("required", not self.blank),
            max_length=self.max_length, widget=CategoryInput(sub=self.sub), help_text=self.help_text,
        )  # fmt: skip
