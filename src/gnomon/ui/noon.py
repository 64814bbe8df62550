"""The drawing beside the sign-in: a gnomon's noon shadow, as long as it is today where it was once measured."""

from __future__ import annotations

import math
from datetime import date

from django.utils.safestring import SafeString

from gnomon.ui.charts.svg import path, tag

# The observatory at Dengfeng, and the tilt of the earth's axis, in degrees.
LATITUDE, TILT = 34.4, 23.44
ROD, FOOT, GROUND = 250.0, 96.0, 330.0
TERMS = ("夏至", "", "", "立秋", "", "", "秋分", "", "", "立冬", "", "", "冬至")


def noon_shadow(day: date) -> float:
    """Length of the noon shadow, as a multiple of the rod: 0.19 at midsummer, 1.59 at midwinter."""
    declination = -TILT * math.cos(2 * math.pi * (day.timetuple().tm_yday + 10) / 365.24)
    return math.tan(math.radians(LATITUDE - declination))


def term_shadow(step: int) -> float:
    """The shadow at a solar term, counted in twelve steps from the summer to the winter solstice."""
    return math.tan(math.radians(LATITUDE - TILT * math.cos(math.radians(15 * step))))


def drawing(day: date) -> SafeString:
    """Rod, scale with the solar terms, and the shadow of the day; decoration for whoever listens to the page."""
    end = FOOT + noon_shadow(day) * ROD
    top = GROUND - ROD
    back = 78.0 / math.hypot(ROD, end - FOOT)
    sun = (FOOT - (end - FOOT) * back, top - ROD * back)
    marks = [
        tag("path", d=path([(x, GROUND), (x, GROUND + (18.0 if word else 9.0))]), class_="noon-scale")
        for x, word in ((FOOT + term_shadow(step) * ROD, word) for step, word in enumerate(TERMS))
    ]
    words = [
        tag("text", word, x=FOOT + term_shadow(step) * ROD, y=GROUND + 36.0, text_anchor="middle", lang="zh-Hans")
        for step, word in enumerate(TERMS)
        if word
    ]
    return tag(
        "svg",
        tag("path", d=path([sun, (end, GROUND)]), class_="noon-ray"),
        tag("circle", cx=sun[0], cy=sun[1], r=13.0, class_="noon-sun"),
        tag("path", d=path([(FOOT, GROUND), (end, GROUND), (FOOT, GROUND - 14.0)]) + "Z", class_="noon-shadow"),
        tag("path", d=path([(40.0, GROUND), (560.0, GROUND)]), class_="noon-scale"),
        *marks,
        *words,
        tag("path", d=path([(FOOT, GROUND), (FOOT, top)]), class_="noon-rod"),
        tag("path", d=path([(end, GROUND - 10.0), (end, GROUND + 4.0)]), class_="noon-end"),
        viewBox="0 0 600 390",
        class_="noon",
        aria_hidden="true",
    )
