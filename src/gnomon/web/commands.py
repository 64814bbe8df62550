"""What a person can do from where they are: the commands of the palette, each with a link of its own elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from gnomon.records.kinds import Kind, kinds
from gnomon.records.models import Record
from gnomon.records.permissions import may, may_move, visible
from gnomon.records.replies import replies_for
from gnomon.standard.plugs import Actor, Says
from gnomon.web.menu_groups import entries_for


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette; `also` is its title in the other languages, for whoever types those.

    `how` is go (open the address), dialog (open it in the dialog), post, focus (the element of that selector)
    or reply (put the words at the address into the comment).
    """

    title: str
    also: str
    group: str
    url: str
    how: str = "go"


def commands_for(person: Actor, path: str) -> list[dict[str, str]]:
    """Every command open to a person who looks at `path`, those about the record there first."""
    record = record_at(path, person)
    found = [*(_about(record, person) if record is not None else ()), *_new(person), *_places(person)]
    return [asdict(command) for command in found]


def record_at(path: str, person: Actor) -> Record | None:
    """The record whose page this is, as far as the person may know of it."""
    parts = urlsplit(path).path.strip("/").split("/")
    for kind in kinds() if len(parts) >= 3 else ():
        if parts[:2] == [kind.app, kind.path]:
            query: Any = visible(kind.model._default_manager.all(), person)
            found: Record | None = query.filter(number=parts[2].upper()[:40]).first()
            return found
    return None


def _fill(text: Says, title: Says) -> str:
    return str(text) % {"title": str(title)}


_filled = lazy(_fill, str)


def _command(title: Says, group: Says, url: str, how: str = "go") -> Command:
    return Command(str(title), _in_others(title), str(group), url, how)


def _in_others(title: Says) -> str:
    here, others = translation.get_language(), []
    for code, _name in settings.LANGUAGES:
        if code != here:
            with translation.override(code):
                others.append(str(title))
    return " ".join(others)


def _about(record: Record, person: Actor) -> Iterator[Command]:
    kind, here, group = record.kind, record.get_absolute_url(), record.number
    moves = [step for step in kind.workflow_of(record).moves_from(record.status) if may_move(person, kind, step)]
    for step in moves:
        yield _command(step.title, group, f"{here}/{step.name}", "dialog")
    if any(step.name == "assign" for step in moves) and hasattr(record, "assignee_id"):
        yield _command(_("Assign to me"), group, f"{here}/assign?assignee={getattr(person, 'pk', '')}", "dialog")
    if may(person, "change", kind):
        yield _command(_("Edit"), group, f"{here}/edit")
    if may(person, "comment", kind):
        yield _command(_("Write a comment"), group, "#comment textarea", "focus")
        yield _command(_("Attach files"), group, "[data-attach] [type=file]", "focus")
    if may(person, "read", kind):
        yield from _among_staff(record, person, here, speaks=may(person, "comment", kind))


def _among_staff(record: Record, person: Actor, here: str, *, speaks: bool) -> Iterator[Command]:
    group = record.number
    yield _command(_("All attachments"), group, f"{here}/files")
    yield _command(_("Who changed what"), group, f"{here}/history")
    if not speaks:
        return
    yield _command(_("Link to another record"), group, f"{here}/link", "dialog")
    yield _command(_("Add a person"), group, f"{here}/people", "dialog")
    yield _command(_("Tell of time spent"), group, f"{here}/time", "dialog")
    yield _command(_("Watch this"), group, f"{here}/people/watch", "post")
    for reply in replies_for(record, person):
        title = format_lazy("{}: {}", _("Reply"), reply.title)
        yield _command(title, _("Ready replies"), f"{here}/replies/{reply.name}", "reply")


def _new(person: Actor) -> Iterator[Command]:
    group = _("New record")
    for kind in kinds():
        if not may(person, "create", kind):
            continue
        new = reverse(f"{kind.name}-new")
        yield _command(_filled(_("New %(title)s"), kind.title), group, new)
        for preset in _presets(kind, person):
            title = format_lazy("{}: {}", kind.title, preset.title)
            yield _command(title, group, f"{new}?template={preset.name}")


def _presets(kind: Kind, person: Actor) -> list[Any]:
    if kind.presets is None or not may(person, "change", kind):
        return []
    return list(kind.presets(person))


def _places(person: Actor) -> Iterator[Command]:
    for entry in entries_for(person):
        yield _command(entry.title, _("Go to"), entry.url)
