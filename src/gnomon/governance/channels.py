"""Ways to reach people outside of the interface (7.4): the plug, and mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from gnomon.organization.models import Person
from gnomon.standard.collect import collect
from gnomon.standard.plugs import Says


class Unsure(Exception):
    """Raised by a channel when nobody can say whether the message was taken: it is not sent again."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a channel is given to send: words in the reader's language, and addresses in full.

    `key` is the same in each attempt; `thread` names the record that the conversation is about, and `earlier`
    what was sent to this person about it before, oldest first.
    """

    person: Person
    address: str
    key: str
    title: str
    text: str = ""
    subject: str = ""
    url: str = ""
    links: Sequence[tuple[str, str]] = ()
    thread: str = ""
    earlier: Sequence[str] = ()
    lines: Sequence[tuple[str, str]] = ()
    settings_url: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach people.

    Declared in `<app>/channels.py`. `address(person)` is empty for those who cannot be reached by it. `off()` says
    in a sentence why the channel is not at work, and nothing when it is. `send` is called by the worker: it returns
    once the message is taken, raises `GiveUp` when it never will be, `Unsure` when nobody can say, and anything
    else when it is certain that it was not taken: then it is tried again. It must end within seconds.
    """

    name: str
    title: Says
    address: Callable[[Person], str]
    send: Callable[[Outgoing], None]
    off: Callable[[], str]


def channels() -> tuple[Channel, ...]:
    """All channels that the installed apps declare."""
    return collect("channels", Channel)


def open_channels() -> tuple[Channel, ...]:
    """The channels that are at work in this installation."""
    return tuple(channel for channel in channels() if not channel.off())


def channel_named(name: str) -> Channel | None:
    return next((channel for channel in channels() if channel.name == name), None)


def _mail_address(person: Person) -> str:
    return person.email


def _mail_is_off() -> str:
    if settings.MAIL:
        return ""
    return _say("No mail server is set. Give GNOMON_MAIL_URL and GNOMON_MAIL_FROM, then start again.")


def _send_mail(outgoing: Outgoing) -> None:
    from gnomon.governance.mail import send_mail

    send_mail(outgoing)


MAIL = Channel("mail", _("Mail"), address=_mail_address, send=_send_mail, off=_mail_is_off)
