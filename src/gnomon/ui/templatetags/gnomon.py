"""`{% load gnomon %}`: the components as template tags."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.ui import clocks, durations, icons, noon, numbers, queries
from gnomon.ui import show as show_module
from gnomon.ui.fields import DrawnField, drawn
from gnomon.ui.show import show as show_value
from gnomon.ui.tables import Column
from gnomon.ui.tiles import Tile
from gnomon.ui.values import LongText, Priority, Status, Tag, TimeLeft, Verdict, VerdictName, Who

register = template.Library()


@register.simple_tag
def icon(name: str, says: str = "", classes: str = "") -> SafeString:
    return icons.icon(str(name), str(says), classes)


@register.simple_tag
def show(value: Any) -> SafeString:
    return show_value(value)


@register.simple_tag
def moment(value: datetime | None, relative: bool = False) -> SafeString:
    return durations.moment_html(value, relative=relative) if value else show_value(None)


@register.simple_tag
def status(title: str, phase: str) -> SafeString:
    return show_value(Status(title, phase))


@register.simple_tag
def priority(level: int, title: str) -> SafeString:
    return show_value(Priority(level, title))


@register.simple_tag
def verdict(name: VerdictName, url: str = "") -> SafeString:
    return show_value(Verdict(name, url))


@register.simple_tag
def clock(value: TimeLeft) -> SafeString:
    return clocks.chip(value)


@register.simple_tag
def who(name: str, url: str = "", number: str = "") -> SafeString:
    return show_value(Who(name, number, url))


@register.simple_tag
def tag(title: str, tone: str = "", icon: str = "", url: str = "") -> SafeString:
    return show_value(Tag(title, tone, icon, url))  # type: ignore[arg-type]  # an unknown tone draws as plain


@register.simple_tag
def page_words() -> SafeString:
    """What gnomon.js says by itself, in the language of the page."""
    units = "|".join(pgettext("duration", unit) for unit in ("%d h", "%d min", "%d s"))
    said = {
        "left": _("%(duration)s left"),
        "over": _("over by %(duration)s"),
        "units": units,
        "selected": _("%d selected"),
        "draft": _("A draft that you did not send was put back."),
        "stale": _("The record changed since you wrote this. Show what changed."),
        "discard": _("Discard the draft"),
        "offline": _("The server does not answer; this page may be out of date."),
    }
    return format_html_join(" ", 'data-says-{}="{}"', said.items())


@register.filter
def duration(value: timedelta | None) -> str:
    """`1 d 4 h`: for time by the clock on the wall."""
    return durations.duration_words(value)


@register.filter
def working(value: timedelta | None) -> str:
    """`28 h`: for working time, whose day is not a day long."""
    return durations.duration_words(value, days=False)


@register.filter
def number(value: float | str | None) -> str:
    """`1,234`; a dash where there is nothing, which templates hand over as empty text."""
    return "–" if value is None or isinstance(value, str) else numbers.number_words(value)


@register.filter
def inside(title: object) -> str:
    """A title as it stands inside a sentence: `Incident` is incident there, `SLA` stays as it is."""
    words = str(title)
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


@register.filter
def initials(name: str) -> str:
    return show_module.initials(str(name))


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The address of this page with some parameters changed: `{% query cursor=page.next %}`."""
    return queries.changed_query(context["request"].GET, changes)


@register.simple_tag(takes_context=True)
def sort_query(context: Context, column: Column) -> str:
    """The address of this page sorted by `column`, from its first page on."""
    present = context["request"].GET
    sort = queries.next_sort(present.get("sort", ""), column.name)
    return queries.changed_query(present, {"sort": sort, "cursor": None})


@register.simple_tag(takes_context=True)
def kept_inputs(context: Context, form: forms.BaseForm | None, *without: str) -> SafeString:
    """Hidden inputs that carry the parameters of this address through a GET form which does not ask for them."""
    asked = {bound.html_name for bound in form} if form is not None else set()
    present = context["request"].GET
    kept = [(name, value) for name in present if name not in asked.union(without) for value in present.getlist(name)]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', kept)


@register.simple_tag
def picked(bound: BoundField) -> str:
    """The titles of what is chosen of several choices, two at most in words."""
    chosen = {str(value) for value in bound.value() or ()}
    choices: Any = bound.field.choices  # type: ignore[attr-defined]
    titles = [str(title) for value, title in choices if str(value) in chosen]
    return ", ".join(titles[:2]) + (f" +{len(titles) - 2}" if len(titles) > 2 else "") or _("All")


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, **attributes: Any) -> dict[str, DrawnField]:
    """A form field with label, help, control and errors; further attributes go to the control."""
    return {"field": drawn(bound, **attributes)}


@register.simple_tag
def control(bound: BoundField, **attributes: Any) -> SafeString:
    """Only the control of a form field, for places that lay out their own label."""
    return drawn(bound, **attributes).control


@register.inclusion_tag("ui/_fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """All fields of a form in its order, two to a row where there is room."""
    return {"hidden": form.hidden_fields(), "fields": [drawn(bound) for bound in form.visible_fields()]}


@register.inclusion_tag("ui/_error_summary.html")
def error_summary(form: forms.BaseForm | None) -> dict[str, Any]:
    """What is wrong with a form, at its head, each sentence leading to its field."""
    if not form or not form.errors:
        return {"wrong": []}
    wrong = [("", sentence) for sentence in form.non_field_errors()]
    for bound in form:
        wrong += [(bound.id_for_label or bound.auto_id, f"{bound.label}: {sentence}") for sentence in bound.errors]
    return {"wrong": wrong}


@register.inclusion_tag("ui/_empty.html")
def empty(title: str, sentence: str = "", url: str = "", action: str = "", icon: str = "inbox") -> dict[str, str]:
    """What stands where nothing is: why, and what to do next."""
    return {"title": title, "sentence": sentence, "url": url, "action": action, "icon": icon}


@register.simple_tag
def prose(text: str) -> SafeString:
    """What people wrote, with its lines kept and addresses made links; nothing in it is markup."""
    return show_value(LongText(str(text)))


@register.inclusion_tag("ui/_tile.html")
def tile(value: Tile) -> dict[str, Tile]:
    """One figure that opens the list it counts."""
    return {"tile": value}


@register.inclusion_tag("ui/_noon.html")
def noon_drawing() -> dict[str, Any]:
    """The gnomon beside sign-in and error pages, with the shadow of today."""
    today = timezone.localdate()
    return {"drawing": noon.drawing(today), "length": numbers.number_words(noon.noon_shadow(today), 2)}
