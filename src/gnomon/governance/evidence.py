"""Whether the records prove what 5.3 d asks of telling people what they answer for, and 7.5 of documents.

Documents are read from the ledger, which tells who wrote, published and revised what and when. Formats, copies
and access lists of documents are not kept in this version: no check pretends to know them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gnomon.governance.models import Receipt
from gnomon.organization.evidence import current_responsibilities
from gnomon.organization.roles import ADMINISTRATOR, SMS_MANAGER
from gnomon.records.actors import SYSTEM
from gnomon.records.facts import is_note
from gnomon.records.models import LedgerEntry
from gnomon.records.queries.known import Known, known_among, known_at
from gnomon.standard.deadlines import kept
from gnomon.standard.plugs import Finding, Question, evidence

# Who controls documents beside their owner and author.
CONTROLLERS = {SMS_MANAGER, ADMINISTRATOR}


@evidence("5.3-d", _("Whoever was given a responsibility was told of it in time"))
def responsibilities_are_communicated(question: Question) -> Finding:
    """By the message about it; whoever recorded their own responsibility knew of it then."""
    (limit,) = question.limits
    given = {
        number: each
        for number, each in known_at("responsibility", question.as_of).items()
        if _assigned_at(each) in question.period
    }
    told = _told_at(given, question.as_of)
    dues = ((number, _assigned_at(each) + limit.length, told.get(number)) for number, each in given.items())
    return kept(dues, question.as_of)


@evidence("5.3-d", _("Whoever holds a responsibility has read the message about it"), rule=2)
def responsibilities_are_acknowledged(question: Question) -> Finding:
    current = current_responsibilities(question.as_of)
    read = set(
        Receipt.objects.filter(
            message__kind="responsibility", message__number__in=list(current), read_at__lte=question.as_of
        ).values_list("message__number", "person")
    )
    return Finding(
        list(current),
        failed=[
            n for n, each in current.items() if (n, each.facts.get("person")) not in read and not _by_oneself(each)
        ],
    )


@evidence("7.5.2-a", _("Every published document has number, title, edition, author and day of approval"))
def published_documents_are_identified(question: Question) -> Finding:
    """The number is given once and never again; the author is who wrote it down, by the ledger."""
    published = _published(question.as_of)
    approved = _publications(question.as_of)
    failed = [
        number
        for number, each in published.items()
        if not (str(each.facts.get("title", "")).strip() and str(each.facts.get("edition", "")).strip())
        or not each.facts.get("approved_by") or number not in approved
    ]  # fmt: skip
    return Finding(list(published), failed=failed)


@evidence(
    "7.5.2-c",
    _("Every published document was approved by somebody other than its author"),
    lacks=_("who reviewed a document before it was approved"),
)
def documents_are_approved_by_others(question: Question) -> Finding:
    """The author is who wrote it down, by the ledger; nothing is published without naming who approved it."""
    published = _published(question.as_of)
    failed = [n for n, each in published.items() if each.facts.get("approved_by") in {None, "", each.told_by}]
    return Finding(list(published), failed=failed, whole=False)


@evidence("7.5.3.1-b", _("Documents were changed only by those who control them"), rule=2)
def documents_are_changed_by_their_keepers(question: Question) -> Finding:
    """Owner, author, and whoever controls documents; the system itself is nobody."""
    documents = known_at("document", question.as_of)
    entries = LedgerEntry.objects.filter(
        kind="document", version__gt=1, happened_at__gte=question.period.start, happened_at__lte=question.as_of
    ).values_list("number", "verb", "actor")
    changed = {(number, actor) for number, verb, actor in entries if not is_note(verb) and number in documents}
    people = known_among((actor for _number, actor in changed), question.as_of)
    return Finding(
        sorted({number for number, _actor in changed}),
        failed=sorted({n for n, actor in changed if not _keeps(actor, documents[n], people.get(actor))}),
    )


@evidence("7.5.3.2-c", _("Each edition of a document after its first has a name of its own and a reason"))
def editions_are_controlled(question: Question) -> Finding:
    """A document is one record, so one edition at most is published; the reason is that of the revision."""
    documents = known_at("document", question.as_of)
    publications = _publications(question.as_of)
    reasons = _revisions(question.as_of)
    failed = []
    for number, editions in publications.items():
        names = [name for _at, name in editions]
        unexplained = len(editions) - 1 > reasons.get(number, 0)
        if unexplained or len(set(names)) < len(names):
            failed.append(number)
    return Finding(list(documents), failed=failed)


def _published(as_of: datetime) -> Mapping[str, Known]:
    return {number: each for number, each in known_at("document", as_of).items() if each.status == "published"}


def _publications(as_of: datetime) -> Mapping[str, Sequence[tuple[datetime, str]]]:
    """When each document was published, and as which edition, oldest first."""
    found: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    edition: dict[str, str] = {}
    entries = LedgerEntry.objects.filter(kind="document", happened_at__lte=as_of).order_by("number", "version")
    for entry in entries.iterator():
        changes = {} if is_note(entry.verb) else entry.changes
        if "edition" in changes:
            edition[entry.number] = str(changes["edition"][1])
        if entry.verb == "document:publish":
            found[entry.number].append((entry.happened_at, edition.get(entry.number, "1")))
    return found


def _revisions(as_of: datetime) -> Mapping[str, int]:
    found: dict[str, int] = defaultdict(int)
    revised = LedgerEntry.objects.filter(kind="document", verb="document:revise", happened_at__lte=as_of)
    for number in revised.exclude(because="").values_list("number", flat=True):
        found[number] += 1
    return found


def _keeps(actor: str, document: Known, person: Known | None) -> bool:
    if actor in {SYSTEM.number, document.told_by, document.facts.get("owner")}:
        return True
    return person is not None and not CONTROLLERS.isdisjoint(person.facts.get("roles") or ())


def _assigned_at(responsibility: Known) -> datetime:
    """The beginning of the day from which on somebody answers, or when it was recorded where no day is said."""
    text = responsibility.facts.get("since")
    if not text:
        return responsibility.told_at
    zone = timezone.get_default_timezone()
    return datetime.combine(date.fromisoformat(text), time(), zone).astimezone(UTC)


def _told_at(given: Mapping[str, Known], as_of: datetime) -> Mapping[str, datetime]:
    told: dict[str, datetime] = {}
    rows = (
        Receipt.objects.filter(message__kind="responsibility", message__number__in=list(given))
        .filter(message__told_at__lte=as_of)
        .values_list("message__number", "person")
        .annotate(first=Min("message__told_at"))
    )
    for number, person, first in rows:
        if given[number].facts.get("person") == person:
            told[number] = first
    return {number: each.told_at for number, each in given.items() if _by_oneself(each)} | told


def _by_oneself(responsibility: Known) -> bool:
    return responsibility.told_by == responsibility.facts.get("person")
