"""The sorts of entries that a timeline holds, and how the ledger is asked for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gnomon.records.facts import OF_OTHERS
from gnomon.records.kinds import Kind
from gnomon.records.models import LedgerEntry
from gnomon.standard.plugs import Says

# Canonical JSON: inside a text each quote has a backslash before it, so this stands nowhere else.
INTERNAL = '"internal":[null,true]'


@dataclass(frozen=True, slots=True)
class Sort:
    """Entries of one sort, by the verbs that leave them; `staff` ones are not told to others."""

    name: str
    title: Says
    icon: str
    verbs: tuple[str, ...] = ()
    staff: bool = False


SORTS = (
    Sort("comments", _("Comments"), "message", ("commented",)),
    Sort("notes", _("Internal notes"), "lock", ("commented",), staff=True),
    Sort("mail", _("Mail"), "mail", ("mailed", "mail:received", "mail:sent")),
    Sort("changes", _("Changes"), "edit"),
    Sort("clock", _("Clocks"), "clock"),
    Sort("files", _("Files"), "paperclip", ("attached",)),
    Sort("links", _("Links and people"), "link", ("linked", "unlinked", "joined", "left", *sorted(OF_OTHERS))),
    Sort("time", _("Time spent"), "hourglass", ("spent",), staff=True),
    Sort("notices", _("Notices sent"), "bell", ("notified", "told"), staff=True),
)
NAMES = tuple(sort.name for sort in SORTS)
# A clock leaves two lines for each pause: they are told when somebody asks for them.
AT_FIRST = frozenset(NAMES) - {"clock"}


def sorts_for(*, staff: bool) -> list[Sort]:
    """The sorts that a timeline can hold for this reader."""
    return [sort for sort in SORTS if staff or not sort.staff]


def named_sorts(text: str) -> frozenset[str]:
    """The sorts that a text such as `comments,notes` names; names of none are passed over."""
    return frozenset(text.split(",")).intersection(NAMES)


def entries_of(kind: Kind, names: Iterable[str]) -> Q:
    """The entries of these sorts among those of one record; changes are all that no other sort claims."""
    chosen = frozenset(names)
    if chosen.issuperset(NAMES):
        return Q()
    wanted = Q(pk__in=[])
    for sort in SORTS:
        if sort.name in chosen:
            wanted |= _of(kind, sort)
    return wanted


def sort_of(entry: LedgerEntry) -> str:
    """The sort of something that was said: a comment, a word among staff, or a file."""
    if entry.verb.endswith(":attached"):
        return "files"
    return "notes" if INTERNAL in entry.facts else "comments"


def _of(kind: Kind, sort: Sort) -> Q:
    if sort.name in {"comments", "notes"}:
        internal = Q(facts__contains=INTERNAL)
        return Q(verb=f"{kind.name}:commented") & (internal if sort.name == "notes" else ~internal)
    if sort.name == "clock":
        return Q(verb__startswith=f"{kind.name}:clock")
    if sort.name == "changes":
        claimed = [verb for other in SORTS for verb in other.verbs]
        return ~Q(verb__in=_full(kind, claimed)) & ~Q(verb__startswith=f"{kind.name}:clock")
    return Q(verb__in=_full(kind, sort.verbs))


def _full(kind: Kind, verbs: Sequence[str]) -> list[str]:
    return [f"{kind.name}:{verb}" for verb in verbs]
