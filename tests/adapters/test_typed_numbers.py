"""Numbers read by their digits are the cells, amounts and sums that Decimals give."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from counterfoil.adapters.typed_numbers import numbers
from counterfoil.adapters.typed_rows import encoding
from counterfoil.core.amounts import Summed
from counterfoil.core.canonical import canonical
from counterfoil.core.cells import number
from counterfoil.core.tally import Tally

WHOLE = st.integers(-(10**9) + 1, 10**9 - 1).map(str)
HUNDREDTHS = st.decimals(-(10**9) + 1, 10**9 - 1, places=2).map(str)
TENTHS = st.decimals(-(10**9) + 1, 10**9 - 1, places=1).map(str)
PLAIN = st.one_of(WHOLE, TENTHS, HUNDREDTHS, st.sampled_from(["0", "-0", "0.0", "-0.00", "null"]))
ANY = st.one_of(
    PLAIN,
    st.integers().map(str),
    st.decimals(-(10**25), 10**25, places=7).map(lambda it: format(it, "f")),
    st.sampled_from(["1e3", "1.5E-9", "1e300", "1.000", "2.500", "9999999999", "0.1234567890123"]),
)


def raws(texts: Sequence[str]) -> list[bytes]:
    return [text.encode() for text in texts]


def exact(texts: Sequence[str]) -> list[Decimal]:
    return [Decimal("0" if text == "null" else text) for text in texts]


@given(st.lists(ANY, min_size=1, max_size=8))
@example(["999999999.99"] * 1000)
@example(["-999999999.01"] * 1000)
@example(["0.01"] * 1000)
@example(["1.5"] * 1001)
def test_cells_and_amounts_are_those_of_decimals(texts: list[str]) -> None:
    shown = numbers(raws(texts))
    cells = ["" if text == "null" else number(Decimal(text)) for text in texts]
    assert repr(list(shown.cells)) == repr(cells)
    assert shown.amounts is not None
    assert repr(list(shown.amounts)) == repr(exact(texts))
    if shown.alike:
        assert encoding(())([shown.cells]) == canonical([cells])


@given(st.lists(PLAIN, min_size=1, max_size=8), st.integers(0, 4))
@example(["999999999.99"] * 1000, 2)
@example(["-999999999.99", *["0.01"] * 999], 2)
@example(["0.29"] * 1000, 3)
def test_a_sum_is_exact_and_what_the_sheet_is_asked_for(texts: list[str], scale: int) -> None:
    shown = numbers(raws(texts))
    assert isinstance(shown.amounts, Summed)
    assert repr(shown.amounts.sum) == repr(sum(exact(texts), Decimal(0)))
    rows = [[cell] for cell in shown.cells]
    known, counted = Tally(0, [(0, scale)]), Tally(0, [(0, scale)])
    known.add(rows, {0: shown.amounts.sum})
    counted.add(rows)
    assert known.sums() == counted.sums()


@pytest.mark.parametrize("odd", ['"12.50"', "true", "{}", "[1,2]", '"null"', '"1.0,"'])
def test_what_is_no_number_is_refused(odd: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        numbers(raws(["1.5", odd, "2"]))
