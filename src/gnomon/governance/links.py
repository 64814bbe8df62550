"""Links that open one record for one person and one purpose, without signing in (7.4).

An app declares what a purpose shows and does as a `LinkPage` in its `links.py`; `tell(…, links=("rate",))` puts
such a link into what is sent to people outside, made anew for each of them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from gnomon.governance.models import SentLink
from gnomon.organization.models import Person
from gnomon.records.kinds import find_record
from gnomon.records.models import Record
from gnomon.records.permissions import may, visible
from gnomon.standard.collect import collect
from gnomon.standard.plugs import Says

SALT = "gnomon.governance.links"
LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What a link of one purpose shows and does.

    `show(request, link)` answers GET with a page and acts on POST only, since programs that scan mail open every
    address. `once` links open nothing after `link.use()`. `outside` ones are made only for people who do not read
    the whole kind.
    """

    purpose: str
    title: Says
    show: Callable[[HttpRequest, OpenedLink], HttpResponse]
    once: bool = True
    lasts: timedelta = LASTS
    outside: bool = False


@dataclass(frozen=True, slots=True)
class LinkActor:
    """The person to whom a link was sent: with the roles they hold, and as a requester of this record."""

    number: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link that holds good now, for whom and of what."""

    sent: SentLink
    page: LinkPage
    person: Person
    record: Record

    @property
    def actor(self) -> LinkActor:
        return LinkActor(self.person.number, tuple(dict.fromkeys((*self.person.roles, "requester"))))

    def use(self) -> bool:
        """Spend a single-use link in the caller's transaction; False when somebody was quicker."""
        if not self.page.once:
            return True
        unused = SentLink.objects.filter(pk=self.sent.pk, used_at__isnull=True)
        return bool(unused.update(used_at=datetime.now(UTC)))


def page_for(purpose: str) -> LinkPage | None:
    return next((page for page in collect("links", LinkPage) if page.purpose == purpose), None)


def make_link(purpose: str, *, person: str, about: Record, lasts: timedelta | None = None) -> str:
    """The address, without host, of a new link for this person; the only place where its secret ever stands."""
    page = page_for(purpose)
    if page is None:
        raise LookupError(f"No app declares what a link to “{purpose}” shows.")
    secret, now = secrets.token_urlsafe(24), datetime.now(UTC)
    SentLink.objects.create(
        digest=_digest(secret), purpose=purpose, person=person, kind=about.kind.name, number=about.number,
        made_at=now, expires_at=now + (lasts or page.lasts),
    )  # fmt: skip
    return reverse("sent-link", args=[_signer().sign(secret)])


def absolute(address: str) -> str:
    """The address as others reach it: for mail, where no request tells the host."""
    return f"{settings.PUBLIC_URL}{address}" if address.startswith("/") else address


def open_link(token: str) -> OpenedLink | None:
    """What a token opens now; None for forged, unknown, spent, expired and revoked ones alike."""
    try:
        secret = _signer().unsign(token)
    except signing.BadSignature:
        return None
    sent = SentLink.objects.filter(digest=_digest(secret), revoked_at__isnull=True).first()
    page = page_for(sent.purpose) if sent is not None else None
    if sent is None or page is None or sent.expires_at <= datetime.now(UTC) or (page.once and sent.used_at):
        return None
    record = find_record(sent.number)
    person: Person | None = Person.objects.active().filter(number=sent.person).first()
    if record is None or person is None or not _may_see(person, record):
        return None
    return OpenedLink(sent, page, person, record)


def revoke_links(about: Record, person: str) -> int:
    """Take back the links that somebody has about a record, because it concerns them no longer."""
    live = SentLink.objects.filter(number=about.number, person=person, revoked_at__isnull=True, used_at__isnull=True)
    return live.update(revoked_at=datetime.now(UTC))


def _may_see(person: Person, record: Record) -> bool:
    return may(person, "read", record.kind) or visible(type(record).objects.filter(pk=record.pk), person).exists()


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
