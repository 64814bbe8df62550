"""Fields about kinds: the name of one, a role, the choices of a custom field, a table of states and moves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gnomon.organization.roles import ROLES, known_roles, role_title
from gnomon.records.form_fields import Prose
from gnomon.ui.values import Tag

SIGN = "="
# Fields and workflows of these would bite their own tail.
HIDDEN = frozenset({"custom_field", "workflow_version", "changed_permission"})


class KindNameField(models.CharField):  # type: ignore[type-arg]
    """The name of a kind of record; people choose and read its title."""

    def in_words(self, name: str) -> str:
        from gnomon.records.kinds import kind_named

        try:
            return str(kind_named(name).title)
        except LookupError:
            return name

    def formfield(self, **kwargs: Any) -> Any:
        from gnomon.records.kinds import kinds

        known = sorted(
            ((kind.name, str(kind.title)) for kind in kinds() if kind.name not in HIDDEN), key=lambda k: k[1]
        )
        return forms.ChoiceField(
            choices=[("", "–"), *known], label=kwargs.get("label", self.verbose_name), required=True
        )


class VerbField(models.SlugField):  # type: ignore[type-arg]
    """A verb of the table of permissions; people read its title."""

    def in_words(self, verb: str) -> str:
        from gnomon.organization.verbs import verb_in_words

        return verb_in_words(verb)

    def formfield(self, **kwargs: Any) -> Any:
        from gnomon.organization.verbs import known_verbs

        return forms.ChoiceField(
            choices=[("", "–"), *known_verbs()], label=kwargs.get("label", self.verbose_name), required=True
        )


class RoleCodeField(models.CharField):  # type: ignore[type-arg]
    """The code of a role; people choose and read its title."""

    def __init__(self, *args: Any, declared: bool = False, **kwargs: Any) -> None:
        self.declared = declared  # one of the ten only
        super().__init__(*args, **kwargs)

    def in_words(self, code: str) -> str:
        return role_title(code)

    def formfield(self, **kwargs: Any) -> Any:
        known = [(role.code, role.title) for role in (ROLES if self.declared else known_roles())]
        return forms.ChoiceField(
            choices=[("", "–"), *known], label=kwargs.get("label", self.verbose_name), required=not self.blank,
            help_text=self.help_text,
        )  # fmt: skip


class ScaleField(models.CharField):  # type: ignore[type-arg]
    """The name of a scale of levels; people choose and read its title."""

    def in_words(self, scale: str) -> str:
        from gnomon.records.levels import scale_titles

        title = str(scale_titles().get(scale, scale))
        return title[:1].upper() + title[1:]

    def formfield(self, **kwargs: Any) -> Any:
        from gnomon.records.levels import scales

        known = [(scale, self.in_words(scale)) for scale in scales()]
        return forms.ChoiceField(
            choices=[("", "–"), *known], label=kwargs.get("label", self.verbose_name), required=True
        )


class OptionsInput(Prose):
    """Choices, one on each line: `Laptop = 笔记本电脑`."""

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return read(str(super().clean(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(read(self.to_python(data or "")) != (initial or []))


class OptionsField(models.JSONField):
    """The choices of a custom field: texts, or {"value", "zh"} where the Chinese differs."""

    def in_words(self, choices: list[Any]) -> list[Tag]:
        return [Tag(line) for line in written(choices).splitlines()]

    def formfield(self, **kwargs: Any) -> Any:
        return OptionsInput(
            label=kwargs.get("label", self.verbose_name), required=False, widget=forms.Textarea(attrs={"rows": 5}),
            help_text=gettext_lazy("One on each line, with its Chinese after “=”: Laptop = 笔记本电脑"),
        )  # fmt: skip


def written(choices: list[Any]) -> str:
    return "\n".join(f"{one['value']} {SIGN} {one['zh']}" if isinstance(one, dict) else str(one) for one in choices)


def read(text: str) -> list[Any]:
    """The choices of a text; a line without Chinese stands for itself."""
    found: list[Any] = []
    for line in text.splitlines():
        value, _sign, chinese = (part.strip() for part in line.partition(SIGN))
        if value:
            found.append({"value": value, "zh": chinese} if chinese else value)
    return found


class WorkflowField(models.JSONField):
    """A table of states and moves; its page draws it, here it is told in a word."""

    def in_words(self, table: dict[str, Any]) -> str:
        told = {"states": len(table.get("states", [])), "moves": len(table.get("moves", []))}
        return _("%(states)d states, %(moves)d moves") % told
