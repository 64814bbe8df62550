"""What certification does on a schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from gnomon.certification.actions.checking import CARRY_OUT, carry_out
from gnomon.certification.actions.packs import make_pack
from gnomon.certification.actions.reminding import remind_judges
from gnomon.certification.actions.run import run_checks
from gnomon.certification.actions.sampling import REDRAW, answer_redrawing, draw_ordered
from gnomon.certification.models import AuditPack
from gnomon.certification.packing import MAKE
from gnomon.certification.queries.stored import newest_run
from gnomon.certification.sampling import DRAW
from gnomon.records.actors import SYSTEM
from gnomon.standard.plugs import Job

NIGHTLY = timedelta(days=1)
# A job may run twice; a second run so soon after the first would say the same again.
SOON = timedelta(hours=1)


def check_everything() -> None:
    """Ask every evidence check about all records as of now, and keep the verdicts (9.1)."""
    now = datetime.now(UTC)
    newest = newest_run(now)
    if newest is None or now - newest.started_at > SOON:
        run_checks(by=SYSTEM, full=True)


def make_ordered_pack(number: str) -> None:
    """Make the audit pack of this number, unless it was made, refused or withdrawn meanwhile (9.2.2)."""
    make_pack(AuditPack.objects.get(number=number))


def draw(number: str) -> None:
    """Draw the ordered sample of this number (9.2)."""
    draw_ordered(number)


def draw_again(number: str) -> None:
    """Draw a sample again for whoever looks (9.2)."""
    answer_redrawing(number)


def remind() -> None:
    """Tell judges of what lapses soon; whoever was told is not told again."""
    remind_judges()


REMIND = Job("certification:remind", remind, every=NIGHTLY, title=_("Remind of judgements that lapse"))
CARRIED_OUT = Job(CARRY_OUT, carry_out, attempts=3, title=_("Check conformity, as somebody asked"))
CHECK_EVERYTHING = Job("certification:check_everything", check_everything, every=NIGHTLY, title=_("Check conformity"))
MAKE_PACK = Job(MAKE, make_ordered_pack, attempts=4, title=_("Make audit packs"))
DRAW_SAMPLE = Job(DRAW, draw, attempts=4, title=_("Draw samples"))
DRAW_AGAIN = Job(REDRAW, draw_again, attempts=3, title=_("Draw samples again"))
