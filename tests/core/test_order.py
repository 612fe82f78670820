"""Rows in a chosen order, exactly; and only the first of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.cells import number
from counterfoil.core.order import Order, Ordered, in_order, places_together

cents = st.integers(-(10**14), 10**14).map(lambda n: Decimal(n) / 100)
cells = st.one_of(
    st.just(""), st.booleans(), st.text(max_size=5), st.integers(-99, 99), cents.map(number)
)


def keyed(values: list[Any]) -> list[list[Any]]:
    return [[str(place), value] for place, value in enumerate(values)]


def by(values: list[Any], *, descending: bool = False) -> list[Any]:
    return [row[1] for row in in_order(keyed(values), Order(1, descending))]


@pytest.mark.parametrize(
    ("values", "ascending"),
    [
        ([10, 9.5, "", -3, 100], [-3, 9.5, 10, 100, ""]),
        (["1010", "999", "", "INV-10", "INV-9"], ["999", "1010", "INV-9", "INV-10", ""]),
        (["Zoe", "éclair", "Eclipse", "adam"], ["adam", "éclair", "Eclipse", "Zoe"]),
        ([46000, "", 45999], [45999, 46000, ""]),
        ([True, "", False], [False, True, ""]),
        (["a word", 5, ""], [5, "a word", ""]),
    ],
    ids=["amounts", "numbers in texts", "letters", "dates", "flags", "a word among amounts"],
)
def test_each_kind_has_its_order_and_blanks_come_last(
    values: list[Any], ascending: list[Any]
) -> None:
    assert by(values) == ascending
    last = [value for value in by(values, descending=True) if value == ""]
    assert by(values, descending=True)[len(values) - len(last) :] == last


def test_descending_is_the_other_way_round_within_a_kind() -> None:
    assert by([1, "", 3, 2], descending=True) == [3, 2, 1, ""]


@pytest.mark.parametrize("descending", [False, True])
def test_what_is_equal_stays_as_it_came(descending: bool) -> None:
    rows = [["1", 5], ["2", 5], ["3", 5]]
    assert in_order(rows, Order(1, descending)) == rows


@given(st.lists(cents), st.booleans())
def test_amounts_come_in_the_order_of_their_decimals(amounts: list[Decimal], down: bool) -> None:
    found = in_order(keyed([number(each) for each in amounts]), Order(1, down))
    exact = [amounts[int(row[0])] for row in found]
    assert exact == sorted(amounts, reverse=down)


@given(st.lists(st.lists(cells, max_size=8), max_size=8), st.booleans(), st.integers(1, 5))
def test_the_first_are_those_of_all_in_order_however_they_come(
    pages: list[list[Any]], down: bool, most: int
) -> None:
    rows = keyed([value for page in pages for value in page])
    ordered = Ordered(Order(1, down, most))
    at = 0
    for page in pages:
        ordered.add(rows[at : at + len(page)])
        at += len(page)
        ordered = Ordered.from_state(ordered.order, ordered.state())
    assert ordered.rows() == in_order(rows, Order(1, down))[:most]
    assert ordered.seen == len(rows)


def test_only_those_that_can_be_among_the_first_are_held() -> None:
    ordered = Ordered(Order(0, most=3))
    for start in range(0, 50_000, 1_000):
        ordered.add([[n] for n in range(start, start + 1_000)])
    assert len(ordered._held) < 3_000
    assert ordered.rows() == [[0], [1], [2]]
    assert ordered.seen == 50_000


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 99)), max_size=12),
    st.booleans(),
)
def test_rows_of_a_group_come_together_by_their_ranks_and_others_stay(
    rows: list[tuple[str, int | None]], sent_last: bool
) -> None:
    groups, ranks = [group for group, _ in rows], [rank for _, rank in rows]
    places = places_together(groups, ranks, sent_last=sent_last)
    assert sorted(places) == list(range(len(rows)))
    for group in set(groups):
        at = [place for place in places if groups[place] == group]
        sent = [place for place in at if ranks[place] is not None]
        rest = [place for place in at if ranks[place] is None]
        assert rest == sorted(rest)
        if not sent:
            continue
        first = places.index(at[0])
        assert places[first : first + len(at)] == at  # none of them apart
        assert at == ([*rest, *sent] if sent_last else [*sent, *rest])
        told = [ranks[place] or 0 for place in sent]
        assert told == sorted(told)


def test_rows_of_a_record_stand_as_the_add_on_has_them() -> None:
    rows = [
        ("a1", "A"),
        ("b1", "B"),
        ("a2", "A"),
        ("c1", "C"),
        ("x", "C"),
        ("c2", "C"),
        ("b2", "B"),
    ]
    ranks = {"a2": 0, "a1": 1, "c2": 2, "c1": 3}
    groups, told = [group for _, group in rows], [ranks.get(key) for key, _ in rows]

    def order(*, sent_last: bool) -> list[str]:
        return [rows[place][0] for place in places_together(groups, told, sent_last=sent_last)]

    assert order(sent_last=False) == ["a2", "a1", "b1", "c2", "c1", "x", "b2"]
    assert order(sent_last=True) == ["a2", "a1", "b1", "x", "c2", "c1", "b2"]
