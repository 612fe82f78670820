from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.canonical import Cell
from counterfoil.core.tally import Distinct, Tally, column_sum, minor

EXACT = Context(prec=1100, rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        (12, 2, 1200),
        (-89.5, 2, -8950),
        (335.25, 2, 33525),
        (1.005, 2, 100),  # the float is a little less
        (0.125, 2, 13),
        (-0.125, 2, -13),
        (0.5, 0, 1),
        (-0.5, 0, -1),
        (1e15 + 0.3, 2, 100000000000000025),
        (2**53, 2, 900719925474099200),
        (1e300, 0, int(1e300)),
    ],
)
def test_minor_units_are_rounded_by_the_exact_value(
    value: float, scale: int, expected: int
) -> None:
    assert minor(value, scale) == expected


@given(st.floats(-1e18, 1e18), st.integers(0, 4))
def test_the_short_way_gives_what_the_exact_way_gives(value: float, scale: int) -> None:
    exact = Decimal(value).scaleb(scale, EXACT).to_integral_value(ROUND_HALF_UP)
    assert minor(value, scale) == int(exact)


@given(st.lists(st.decimals(-(10**9), 10**9, places=2), max_size=50))
def test_amounts_add_up_to_the_cent(amounts: list[Decimal]) -> None:
    rows: list[list[Cell]] = [[float(amount)] for amount in amounts]
    assert column_sum(rows, 0, 2) == sum(amounts, Decimal(0)) * 100


@given(
    st.lists(
        st.one_of(
            st.floats(allow_nan=False, allow_infinity=False, width=64).filter(
                lambda v: abs(v) < 1e18
            ),
            st.integers(-(2**53), 2**53),
            st.decimals(-(10**6), 10**6, places=2).map(float),
            st.sampled_from([0.5, 0.125, -0.375, 1e-5, 45035996273704.96, -45035996273704.96]),
            st.sampled_from(["", "12", True]),
        ),
        max_size=20,
    ),
    st.integers(0, 6),
)
def test_a_column_adds_up_to_what_its_numbers_are_one_by_one(
    values: list[float | int | str | bool], scale: int
) -> None:
    numbers = [value for value in values if type(value) in (int, float)]
    assert column_sum([[value] for value in values], 0, scale) == sum(
        minor(value, scale)  # type: ignore[arg-type]
        for value in numbers
    )


def test_texts_blanks_and_booleans_count_nothing() -> None:
    assert column_sum([["12"], [""], [True], [1], [0.25]], 0, 2) == 125


@given(
    st.sets(
        st.one_of(
            st.integers(0, 10**19).map(str),
            st.sampled_from(["", "0", "007", "-1", "x", "1.5", "\u0661"]),
            st.text(max_size=3),
        )
    )
)
def test_ids_survive_a_cursor(ids: set[str]) -> None:
    state = json.loads(json.dumps(Distinct(ids).state()))
    again = Distinct.from_state(state)
    assert len(again) == len(ids)
    assert all(id in again for id in ids)


def test_fifty_thousand_ids_take_little_room_in_a_cursor() -> None:
    ids = Distinct(str(100_000 + place * 3 + place % 5) for place in range(50_000))
    assert len(ids.state()) < 5_000


def test_a_tally_goes_on_from_its_state() -> None:
    whole = Tally(0, [(1, 2), (2, 2)])
    whole.add([["1", 0.1, 5], ["2", 0.2, ""]])
    half = Tally.from_state(json.loads(json.dumps(whole.state())))
    for tally in (whole, half):
        tally.add([["2", 0.3, "text"], ["3", -1, 1.25]])
        assert tally.rows == 4
        assert len(tally.distinct) == 3
        assert tally.sums() == [
            {"column": 1, "scale": 2, "sum": "-40"},
            {"column": 2, "scale": 2, "sum": "625"},
        ]
