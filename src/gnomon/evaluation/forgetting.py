"""What was handed to process mining and may speak of somebody who is forgotten."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from gnomon.evaluation.actions.foreign_logs import forget_log
from gnomon.evaluation.models import ForeignLog
from gnomon.records.erasing import Forgetting, Forgotten
from gnomon.records.imports.uploads import names_any


def destroy_logs(who: Forgotten) -> int:
    """Destroy logs from elsewhere that name the person."""
    naming = [log for log in ForeignLog.objects.all() if names_any(Path(log.path), who.words)]
    for log in naming:
        forget_log(log)
    return len(naming)


LOGS = Forgetting(_("Logs from elsewhere"), destroy_logs)
