from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from gnomon.ui.noon import drawing, noon_shadow, term_shadow


def test_the_shadow_is_shortest_at_midsummer_and_longest_at_midwinter() -> None:
    # tan(34.4° − 23.44°) = 0.194, tan(34.4°) = 0.685, tan(34.4° + 23.44°) = 1.590
    assert noon_shadow(date(2026, 6, 21)) == pytest.approx(0.194, abs=0.002)
    assert noon_shadow(date(2026, 3, 21)) == pytest.approx(0.685, abs=0.02)
    assert noon_shadow(date(2026, 12, 21)) == pytest.approx(1.590, abs=0.002)
    assert [round(term_shadow(step), 3) for step in (0, 6, 12)] == [0.194, 0.685, 1.590]


@given(st.dates(date(2020, 1, 1), date(2099, 12, 31)))
def test_the_drawing_keeps_the_shadow_on_the_scale(day: date) -> None:
    svg: Element = fromstring(drawing(day))
    assert 96 + 0.19 * 250 < 96 + noon_shadow(day) * 250 < 560
    assert [text.text for text in svg.iter("text")] == ["夏至", "立秋", "秋分", "立冬", "冬至"]
    sun = next(svg.iter("circle"))
    assert float(sun.attrib["cy"]) > 0
    assert float(sun.attrib["cx"]) > 0
