"""What a comparison says in plain sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.evaluation.boards.pieces import unit_words, value_words
from gnomon.evaluation.intervals import Difference, Method
from gnomon.evaluation.queries.comparison import Comparison, Found, Of
from gnomon.standard.plugs import Measure
from gnomon.ui.numbers import number_words


def sentences(comparison: Comparison) -> list[str]:
    """One for each thing that was compared, the most telling first."""
    if comparison.found:
        return [_sentence(comparison.measure, found) for found in comparison.found]
    return [_of_moments(comparison)]


def method_words(method: Method) -> str:
    """How the interval was found."""
    return {
        "newcombe": _("Shares: Newcombe's interval of the difference, from two Wilson intervals."),
        "welch": _("Means: Welch's interval, which lets the two sides spread differently."),
        "poisson": _("Counts: the exact interval of the ratio of two Poisson rates, by days that passed."),
        "bootstrap": _("Medians: percentile bootstrap with a fixed seed, so that the same records give the same."),
    }[method]


def what_words(of: Of) -> str:
    return {
        "share": pgettext("compared", "Share"), "rate": pgettext("compared", "Number each day"),
        "mean": pgettext("compared", "Mean"), "median": pgettext("compared", "Median"),
    }[of]  # fmt: skip


def verdict(measure: Measure, difference: Difference | None) -> str:
    """`better` or `worse`; empty where no difference can be told or neither is."""
    if difference is None or not difference.is_certain or measure.direction == "range":
        return ""
    rose = difference.low > (1 if difference.is_ratio else 0)
    return "better" if rose == (measure.direction == "higher") else "worse"


def _sentence(measure: Measure, found: Found) -> str:
    if found.difference is None:
        return _cannot(found.of)
    lead = _("Median: %(says)s") if found.of == "median" else "%(says)s"
    return lead % {"says": _told(measure, found)}


def _cannot(of: Of) -> str:
    if of == "rate":
        return _("Nothing was counted before, or no time has passed, so no ratio can be told.")
    if of == "mean":
        return _("One side has fewer than two records, so nothing can be said about the difference.")
    if of == "median":
        return _("Median: one side has no records, so nothing can be said about the difference.")
    return _("One side has no records, so nothing can be said about the difference.")


def _told(measure: Measure, found: Found) -> str:
    difference = found.difference
    assert difference is not None
    value, low, high = (_moved(end, difference) for end in (difference.value, difference.low, difference.high))
    unit = "%" if difference.is_ratio else points() if measure.unit == "%" else unit_words(measure)
    if not difference.is_certain:
        says = _("No difference can be told: with 95 %% certainty it lies between %(low)s and %(high)s.")
        return says % {"low": _signed(low), "high": with_unit(_signed(high), unit)}
    near, far = sorted((abs(low), abs(high)))
    return _way(measure, difference.is_ratio, value > 0) % {
        "by": with_unit(digits(abs(value)), unit), "near": digits(near), "far": with_unit(digits(far), unit),
    }  # fmt: skip


def _way(measure: Measure, is_ratio: bool, rose: bool) -> str:
    if is_ratio:
        if rose:
            return _("More by %(by)s a day, 95 %% certain between %(near)s and %(far)s.")
        return _("Fewer by %(by)s a day, 95 %% certain between %(near)s and %(far)s.")
    if measure.unit in {"hours", "days"}:
        if rose:
            return _("Longer by %(by)s, 95 %% certain between %(near)s and %(far)s.")
        return _("Shorter by %(by)s, 95 %% certain between %(near)s and %(far)s.")
    if rose:
        return _("Higher by %(by)s, 95 %% certain between %(near)s and %(far)s.")
    return _("Lower by %(by)s, 95 %% certain between %(near)s and %(far)s.")


def _moved(end: float, difference: Difference) -> float:
    """A ratio as percent more or less."""
    return (end - 1) * 100 if difference.is_ratio else end


def _of_moments(comparison: Comparison) -> str:
    says = _("%(before)s stood at the end of the first period, %(after)s at the end of the second. "
             "A number at one moment is no sample, so there is no interval.")  # fmt: skip
    before, after = (
        value_words(side.figure.value, comparison.measure) for side in (comparison.before, comparison.after)
    )
    return says % {"before": before, "after": after}


def points() -> str:
    return pgettext("unit", "percentage points")


def with_unit(number: str, unit: str) -> str:
    return pgettext("number and unit", "%(number)s %(unit)s") % {"number": number, "unit": unit} if unit else number


def digits(value: float) -> str:
    """As many digits as the size of a figure deserves."""
    size = abs(value)
    return number_words(value, 0 if size >= 100 else 1 if size >= 1 else 2)


def _signed(value: float) -> str:
    words = digits(value)
    return f"+{words}" if value > 0 and words.strip("0.,") else words
