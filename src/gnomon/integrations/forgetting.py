"""What was handed to us or answered from outside and may speak of somebody who is forgotten."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from gnomon.integrations.models import WebhookDelivery
from gnomon.records.erasing import Forgetting, Forgotten
from gnomon.records.imports.uploads import names_any
from gnomon.records.models import ImportRun


def forget_answers(who: Forgotten) -> int:
    """Blank what receivers answered when they were told of the blanked records."""
    told = WebhookDelivery.objects.filter(about__in=who.numbers).exclude(snippet="")
    return told.update(snippet="")


def destroy_uploads(who: Forgotten) -> int:
    """Destroy files that were sent for import and name the person; what came of them is in the records."""
    done = ImportRun.objects.exclude(path="").exclude(state__in=(ImportRun.State.WAITING, ImportRun.State.RUNNING))
    count = 0
    for run in done:
        if names_any(Path(run.path), who.words):
            Path(run.path).unlink(missing_ok=True)
            count += ImportRun.objects.filter(path=run.path).update(path="")
    return count


ANSWERS = Forgetting(_("Answers of webhook receivers"), forget_answers)
UPLOADS = Forgetting(_("Files that were imported"), destroy_uploads)
