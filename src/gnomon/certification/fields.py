"""Fields of a sample as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from gnomon.certification.strata import titles_of

LISTED = 20


class StrataField(models.JSONField):
    """The strata of a sample: key, how many records, how many drawn, digest."""

    def in_words(self, strata: Sequence[Sequence[Any]]) -> str | None:
        """Each with how many of its records were drawn: `1: 2 of 30`."""
        names = titles_of(key for key, *_rest in strata)
        told = [_("%(stratum)s: %(taken)s of %(count)s") % {"stratum": names[key], "taken": taken, "count": count}
                for key, count, taken, _digest in strata]  # fmt: skip
        return _("; ").join(told) or None


class NamedField(models.JSONField):
    """Records that were chosen by judgement, each with the reason."""

    def in_words(self, named: Mapping[str, str]) -> str | None:
        return _("; ").join(f"{number}: {why}" for number, why in named.items()) or None


class DrawnField(models.JSONField):
    """The numbers that were drawn; of many only the first are told, for the list of all has a page."""

    def in_words(self, drawn: Sequence[str]) -> str | None:
        told = ", ".join(drawn[:LISTED])
        if len(drawn) > LISTED:
            return _("%(some)s … (%(count)d in all)") % {"some": told, "count": len(drawn)}
        return told or None
