"""Lists in an agreement as people write them: percentages with commas between, limits one to a line."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from gnomon.records.forms import Prose
from gnomon.ui.values import Tag

_BETWEEN = re.compile(r"[,，、;；%％\s]+")
_LIMIT = re.compile(r"(?P<name>[^:：]+)[:：]\s*(?P<most>\d{1,12}(?:\.\d{1,6})?)\s*")


class PercentagesInput(forms.CharField):
    """Percentages of a target: `50, 75, 90, 100`."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        words = [word for word in _BETWEEN.split(super().clean(value)) if word]
        if not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
            raise forms.ValidationError(_("Write whole percentages with commas between, for example 50, 75, 90, 100."))
        return [int(word) for word in words]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(_BETWEEN.split(str(data or "").strip()) != _BETWEEN.split(str(self.prepare_value(initial) or "")))


class PercentagesField(models.JSONField):
    """A list of percentages."""

    def in_words(self, percentages: list[int]) -> str:
        return ", ".join(f"{percent} %" for percent in percentages)

    def formfield(self, **kwargs: Any) -> Any:
        return PercentagesInput(
            label=kwargs.get("label", self.verbose_name), required=False,
            help_text=_("Shares of the target at which something may be done, for example 50, 75, 90, 100."),
        )  # fmt: skip


class LimitsInput(Prose):
    """Workload limits, one to a line: `incidents per month: 400`."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(_line, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return _limits(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _limits(self.to_python(data)) != _limits(self.prepare_value(initial or []))


class LimitsField(models.JSONField):
    """A list of limits: {name: number} where a line gives a number, else the words as they stand."""

    def in_words(self, limits: Any) -> list[Tag]:
        return [Tag(_line(limit)) for limit in limits] if isinstance(limits, list) else [Tag(str(limits))]

    def formfield(self, **kwargs: Any) -> Any:
        return LimitsInput(
            label=kwargs.get("label", self.verbose_name), required=False, max_length=4000,
            help_text=_("One limit on each line, for example: incidents per month: 400."),
        )  # fmt: skip


def _line(limit: Any) -> str:
    if isinstance(limit, dict):
        return "; ".join(f"{str(name).replace('_', ' ')}: {most}" for name, most in limit.items())
    return str(limit)


def _limits(text: str) -> list[Any]:
    return [_limit(line.strip()) for line in text.splitlines() if line.strip()]


def _limit(line: str) -> Any:
    found = _LIMIT.fullmatch(line)
    if found is None:
        return line
    most = float(found["most"])
    return {re.sub(r"\s+", "_", found["name"].strip()): int(most) if most.is_integer() else most}
