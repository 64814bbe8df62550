"""Bodies of requests that hold too much to be read: which they are, and what to do about each."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def says_too_much(error: Exception) -> str:
    """What was too much, and what to do next, as two sentences."""
    if isinstance(error, TooManyFieldsSent):
        says = _("More than %(most)d fields were sent at once. Choose fewer rows, and send the others after them.")
        return says % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}
    if isinstance(error, TooManyFilesSent):
        says = _("More than %(most)d files were sent at once. Choose fewer, and send the others after them.")
        return says % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
    says = _("More than %(most)s of text was sent at once. Shorten it, or attach the long part as a file.")
    return says % {"most": filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)}
