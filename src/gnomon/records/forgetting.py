"""What the ground floor keeps of people beside the records: drafts, habits, and notes on imported rows."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gnomon.records.erasing import Forgetting, Forgotten
from gnomon.records.models import Draft, ImportFinding, Preference, Presence, SavedView


def forget_drafts(who: Forgotten) -> int:
    """Drop what the person typed and did not send, and what others typed about the records that were blanked."""
    theirs = Draft.objects.filter(person=who.person)
    about = [draft.pk for draft in Draft.objects.exclude(person=who.person) if _speaks(draft, who)]
    return theirs.delete()[0] + Draft.objects.filter(pk__in=about).delete()[0]


def forget_habits(who: Forgotten) -> int:
    """Drop the person's own views, preferences and whereabouts; views that they shared stay, for others use them."""
    return sum(
        query.delete()[0]
        for query in (
            SavedView.objects.filter(person=who.person, shared=False),
            Preference.objects.filter(person=who.person),
            Presence.objects.filter(person=who.person),
        )
    )


def forget_findings(who: Forgotten) -> int:
    """Blank what was noted about rows of imported files where it names the person."""
    if not who.words:
        return 0
    named = reduce(or_, (Q(value__contains=word) | Q(text__contains=word) for word in who.words))
    return ImportFinding.objects.filter(named).update(value="", facts={}, text="—")


def _speaks(draft: Draft, who: Forgotten) -> bool:
    text = str(draft.values)
    return any(number in draft.place for number in who.numbers) or any(word in text for word in who.words)


DRAFTS = Forgetting(_("Drafts"), forget_drafts)
HABITS = Forgetting(_("Own views and preferences"), forget_habits)
FINDINGS = Forgetting(_("Notes on imported rows"), forget_findings)
