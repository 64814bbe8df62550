"""Words of the sample values, translated apart: no other page should get its words from here."""

from __future__ import annotations

from functools import partial

from django.utils.translation import pgettext, pgettext_lazy

sample = partial(pgettext, "sample")
sample_lazy = partial(pgettext_lazy, "sample")
