"""Whatever people write, XML carries it; what XML has no way to say is marked as lost, and the log stays whole."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import example, given
from hypothesis import strategies as st

from gnomon.integrations.xml_words import in_xml

# Written anew from the production “Char” of XML 1.0.
LOST = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@given(st.text(st.characters(exclude_categories=())))
@example("\"'<&>\t\n\r\x01\ufffe\U0001f4e7你好")
def test_text_comes_back_as_it_was(text: str) -> None:
    said = in_xml(text)
    element = ElementTree.fromstring(f'<a b="{said}">{said}</a>')

    assert element.get("b") == (element.text or "") == LOST.sub("\ufffd", text)
