"""What was handed to us or answered from outside and may speak of somebody who is forgotten."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from gnomon.integrations.models import WebhookDelivery
from gnomon.records.erasing import Forgetting, Forgotten
from gnomon.records.models import ImportRun

PIECE = 1 << 20


def forget_answers(who: Forgotten) -> int:
    """Blank what receivers answered when they were told of the blanked records."""
    told = WebhookDelivery.objects.filter(about__in=who.numbers).exclude(snippet="")
    return told.update(snippet="")


def destroy_uploads(who: Forgotten) -> int:
    """Destroy files that were sent for import and name the person; what came of them is in the records."""
    done = ImportRun.objects.exclude(path="").exclude(state__in=(ImportRun.State.WAITING, ImportRun.State.RUNNING))
    count = 0
    for run in done:
        if _names(Path(run.path), who.words):
            Path(run.path).unlink(missing_ok=True)
            count += ImportRun.objects.filter(path=run.path).update(path="")
    return count


def _names(path: Path, words: tuple[str, ...]) -> bool:
    wanted = [word.encode(encoding) for word in words for encoding in ("utf-8", "gb18030", "utf-16-le")]
    try:
        with path.open("rb") as file:
            before = b""
            while piece := file.read(PIECE):
                if any(word in before + piece for word in wanted):
                    return True
                before = piece[-400:]
    except OSError:
        return False
    return False


ANSWERS = Forgetting(_("Answers of webhook receivers"), forget_answers)
UPLOADS = Forgetting(_("Files that were imported"), destroy_uploads)
