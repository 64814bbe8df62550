"""Mail by SMTP: threaded by record, and marked so that no program answers it."""

from __future__ import annotations

import re
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from gnomon.governance.channels import Outgoing, Unsure
from gnomon.jobs.refusals import GiveUp

PERMANENT = 500
LONGEST_SUBJECT, LONGEST_LINE, LONGEST_TEXT = 200, 1_000, 20_000
# Control characters but tab and line feed; embeddings, overrides and isolates of bidirectional text. Marks stay.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def send_mail(outgoing: Outgoing) -> None:
    """Hand one mail to the server; what it answered decides whether to try again (see Channel)."""
    with get_connection(**settings.MAIL) as server:  # opening it is apart: whatever fails here, nothing was sent
        try:
            server.send_messages([composed(outgoing)])
        except smtplib.SMTPRecipientsRefused as refused:
            _refused(max(code for code, _says in refused.recipients.values()), str(refused))
        except smtplib.SMTPResponseException as refused:
            _refused(refused.smtp_code, str(refused))
        except (TimeoutError, smtplib.SMTPServerDisconnected) as silence:
            raise Unsure(str(silence) or "The server fell silent after it had the message.") from silence


def _refused(code: int, says: str) -> None:
    if code >= PERMANENT:
        raise GiveUp(says)
    raise ConnectionError(says)


def composed(outgoing: Outgoing) -> EmailMessage:
    """The mail itself: plain text alone, so that no program that reads it finds markup to run."""
    return EmailMessage(
        subject=_subject(outgoing.subject), body=body(outgoing), from_email=settings.MAIL_FROM,
        to=[outgoing.address], headers=headers(outgoing),
    )  # fmt: skip


def headers(outgoing: Outgoing) -> dict[str, str]:
    """Threading, and all that tells programs not to answer (RFC 3834, RFC 2919)."""
    domain = mail_domain()
    told = {
        "Message-ID": f"<{outgoing.key}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "All",
        "List-Id": f"Gnomon <notices.{domain}>",
        "X-Gnomon-Instance": settings.PUBLIC_URL,
    }
    if outgoing.settings_url:
        told["List-Unsubscribe"] = f"<{outgoing.settings_url}>"
    if outgoing.thread:
        # A root that was never sent itself gathers all mail of a record, whichever came first.
        known = [f"<{key}@{domain}>" for key in (outgoing.thread, *outgoing.earlier)]
        told |= {"In-Reply-To": known[-1], "References": " ".join(known)}
    return told


def body(outgoing: Outgoing) -> str:
    """What the mail says, in the language that is active."""
    parts = [_one_line(outgoing.title)]
    if outgoing.text:
        parts.append(_harmless(_cut(outgoing.text)))
    parts += [f"{_one_line(title)}\n  {address}" for title, address in outgoing.lines]
    parts += [f"{_one_line(title)}:\n{address}" for title, address in outgoing.links]
    if outgoing.url:
        parts.append(_("Open it (you may have to sign in):") + f"\n{outgoing.url}")
    foot = _("This mail was written by a program, and answers to it are not read. Choose what you get:")
    parts.append(f"-- \n{foot}\n{outgoing.settings_url}")
    return "\n\n".join(parts) + "\n"


def _harmless(text: str) -> str:
    """Words as they were typed, without what turns the order of signs about or drives a terminal."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _one_line(text: str) -> str:
    return " ".join(_harmless(text[:LONGEST_LINE]).split())


def _subject(text: str) -> str:
    # Typed in ASCII, `=?utf-8?q?=0D=0A…?=` would be decoded by whoever reads it.
    return _one_line(text).replace("=?", "= ?")[:LONGEST_SUBJECT]


def _cut(text: str) -> str:
    """So much of a text as anybody reads in a mail; the rest stands where the mail leads."""
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT].rstrip()} …\n\n" + _("The text goes on there; this is its beginning.")


def mail_domain() -> str:
    """The domain that our mail comes from."""
    return parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "localhost"
