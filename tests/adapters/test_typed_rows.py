"""msgspec writes rows as JavaScript's JSON.stringify does, or leaves them to core.canonical."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.adapters.typed_rows import encoded
from counterfoil.core.canonical import canonical

CELLS = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.floats(min_value=-1e6, max_value=1e6),
    st.decimals(-(10**9), 10**9, places=2).map(float),
)


@given(st.integers(0, 5).flatmap(lambda width: st.lists(st.tuples(*[CELLS] * width), max_size=6)))
def test_the_text_is_that_of_the_canonical_form(rows: list[tuple[str | int | float]]) -> None:
    assert encoded(rows) == canonical(rows)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.5, "12.5"),
        (3.0, "3"),
        (1e-7, "1e-7"),
        (1e21, "1e+21"),
        (2**53 + 1, "9007199254740992"),
        (-0.0, "0"),
        ('a "quote"\n\x1f\x7f\u2028', '"a \\"quote\\"\\n\\u001f\x7f\u2028"'),
        ("\ud83d", '"\\ud83d"'),
    ],
)
def test_numbers_and_texts_are_written_as_in_javascript(cell: str | float, text: str) -> None:
    assert encoded([(cell, "x")]) == f'[[{text},"x"]]'


def test_no_rows_are_an_empty_list() -> None:
    assert encoded([]) == "[]"
