"""Canonical JSON, held against RFC 8785's own examples and a slow second opinion."""

from __future__ import annotations

import json
import struct
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnomon.records.ledger.canonical import EXACT, NotCanonical, canonical

# RFC 8785, appendix B
DOUBLES = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "says"), DOUBLES.items())
def test_a_double_is_written_as_the_standard_writes_it(bits: str, says: str) -> None:
    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(value) == says.encode()


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    value = json.loads(
        r'{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],'
        r'"string": "\u20ac$\u000F\u000aA'
        r"'"
        r'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}'
    )
    assert canonical(value).decode() == (
        r'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r'"string":"€$\u000f\nA'
        r"'"
        r'B\"\\\\\"/"}'
    )


def test_names_are_sorted_by_utf16_code_units() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    assert list(json.loads(canonical(dict.fromkeys(names, 0)))) == [
        "\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "refused",
    [
        float("nan"), float("inf"), [1, {"a": -float("inf")}], 2**53 + 1, 10**21, 2**60, -(2**64), {1: "a"},
        b"bytes", {"a": object()}, "half \ud800 a character", {"\udfff": 1}, {"a": {"b", "c"}}, Decimal("1.5"),
    ],
)  # fmt: skip
def test_what_json_cannot_say_in_one_way_is_refused_in_a_sentence(refused: Any) -> None:
    with pytest.raises(NotCanonical, match=r"\w.*[.;].*\.?$"):
        canonical(refused)


def test_a_bottomless_value_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NotCanonical, match="nested too deeply"):
        canonical(deep)


def second_opinion(value: Any) -> str:
    """RFC 8785 written again, in another way and without a thought for speed."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return ecmascript(value)
    if isinstance(value, str):
        return '"' + "".join(map(character, value)) + '"'
    if isinstance(value, list):
        return "[" + ",".join(map(second_opinion, value)) + "]"

    def units(name: str) -> list[int]:
        raw = name.encode("utf-16-le")
        return [raw[i] + 256 * raw[i + 1] for i in range(0, len(raw), 2)]

    return "{" + ",".join(f"{second_opinion(k)}:{second_opinion(value[k])}" for k in sorted(value, key=units)) + "}"


def character(char: str) -> str:
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return short.get(char) or (f"\\u{ord(char):04x}" if ord(char) < 32 else char)


def ecmascript(value: float) -> str:
    """ECMA-262 §6.1.6.1.20, step by step: k digits s, value = s × 10^(n−k)."""
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    s, k = "".join(map(str, digits)), len(digits)
    n = int(exponent) + k
    if k <= n <= 21:
        text = s + "0" * (n - k)
    elif 0 < n <= 21:
        text = s[:n] + "." + s[n:]
    elif -6 < n <= 0:
        text = "0." + "0" * -n + s
    else:
        e = ("+" if n > 0 else "-") + str(abs(n - 1))
        text = f"{s}e{e}" if k == 1 else f"{s[0]}.{s[1:]}e{e}"
    return "-" * sign + text


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = (
    st.none() | st.booleans() | st.integers(-EXACT, EXACT) | st.floats(allow_nan=False, allow_infinity=False) | texts
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=5))


@settings(max_examples=200, deadline=None)
@given(values)
def test_the_quick_way_and_a_second_opinion_agree(value: Any) -> None:
    assert canonical(value).decode() == second_opinion(value)


@settings(max_examples=100, deadline=None)
@given(values)
def test_what_was_written_reads_back_and_is_written_the_same(value: Any) -> None:
    once = canonical(value)
    assert canonical(json.loads(once)) == once


@settings(max_examples=200, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_reads_back_as_itself(value: float) -> None:
    assert float(canonical(value)) == value
