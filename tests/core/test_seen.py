from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.seen import SeenIds


def stepped(ids: list[str], sizes: list[int]) -> SeenIds:
    """All ids added in steps of those sizes, each step in another process."""
    seen = SeenIds()
    start = 0
    for size in [*sizes, len(ids)]:
        seen.add(ids[start : start + size])
        start += size
        seen = SeenIds.from_state(seen.state())
    return seen


ORDERS = {
    "numbers": sorted((str(n) for n in random.Random(1).sample(range(10**6), 3000)), key=int),
    "numbers of 19 digits": [str(9_130_347_596_842_110_000 + n) for n in range(3000)],
    "texts": sorted(str(n) for n in range(3000)),
    "words": [f"NG:{n:05}" for n in range(3000)],
    "no order": random.Random(2).sample([str(n) for n in range(3000)], 3000),
}


@pytest.mark.parametrize("name", ORDERS)
def test_what_was_added_is_seen_in_every_later_step(name: str) -> None:
    ids = ORDERS[name]
    seen = stepped(ids[:-10], [1000, 1000])
    assert len(seen) == len(ids) - 10
    assert all(id in seen for id in ids[:-10])
    assert not any(id in seen for id in ids[-10:])


@pytest.mark.parametrize("name", ["numbers", "numbers of 19 digits", "texts", "words"])
def test_ids_in_order_take_a_few_bytes(name: str) -> None:
    assert len(stepped(ORDERS[name], [1000]).state()) < 100


def test_an_id_that_comes_too_late_counts_as_seen() -> None:
    seen = stepped([str(n) for n in range(1, 1000, 2)], [200])
    assert "500" in seen
    assert "1000" not in seen


def test_a_few_ids_can_ascend_by_chance() -> None:
    seen = stepped(["2", "7", "5"], [1, 1])
    assert len(seen) == 3
    assert all(id in seen for id in ("2", "5", "7"))
    assert not any(id in seen for id in ("1", "3", "6"))
    assert seen.last() is None


@pytest.mark.parametrize(
    ("ids", "later", "after"),
    [
        (["7", "8", "9"], "91", True),
        # As a text it would come before: who knows?
        (["7", "8", "9"], "10", False),
        (["8", "9", "10"], "11", True),
        (["8", "9", "10"], "9", False),
        (["1", "10", "2"], "3", True),
        (["1", "10", "2"], "11", False),
        (["a", "b"], "c", True),
        (["a", "b"], "B", False),
    ],
)
def test_what_comes_after_must_do_so_in_every_order_possible(
    ids: list[str], later: str, after: bool
) -> None:
    seen = stepped(ids, [])
    last = seen.last()
    assert last is not None
    assert seen.comes_after(later, last) is after


def test_what_was_seen_after_a_bookmark_can_be_forgotten() -> None:
    seen = SeenIds()
    seen.add(["8", "9", "10"])
    last = seen.last()
    assert last is not None
    seen.add(["11", "12"])
    seen = SeenIds.from_state(seen.state())
    seen.back_to(last, 3)
    assert len(seen) == 3
    assert all(id in seen for id in ("8", "9", "10"))
    assert "11" not in seen
    assert seen.are_new(["11", "13"])
    assert not seen.are_new(["10", "13"])


def test_ids_that_are_no_numbers_are_kept_beside_those_that_are() -> None:
    seen = stepped(["1", "2", "x", "3", "007"], [2, 1])
    assert len(seen) == 5
    assert all(id in seen for id in ("x", "007", "3"))
    assert "y" not in seen


def test_nothing_has_been_seen_at_first() -> None:
    assert len(SeenIds.from_state(SeenIds().state())) == 0
    assert "1" not in SeenIds.from_state(SeenIds().state())
    assert stepped(["5"], [1]).state() == SeenIds.from_state(stepped(["5"], [1]).state()).state()


@given(
    st.lists(st.text(max_size=3) | st.integers(0, 99).map(str), unique=True),
    st.lists(st.integers(0, 5), max_size=8),
)
def test_no_id_is_ever_forgotten(ids: list[str], sizes: list[int]) -> None:
    seen = stepped(ids, sizes)
    assert len(seen) == len(ids)
    assert all(id in seen for id in ids)


@given(
    st.lists(
        st.one_of(
            st.integers(-3, 400).map(str),
            st.sampled_from(["", "0", "-0", "007", "1_0", " 1", "\u0663", "NG:1", "9" * 5000]),
            st.sampled_from([1, 2.5, True, float("inf")]),
        ),
        max_size=6,
    )
)
def test_ids_are_new_together_where_they_ascend_as_numbers_or_as_texts(
    ids: list[str | int | float | bool],
) -> None:
    texts = [id for id in ids if isinstance(id, str)]
    plain = [id for id in texts if id.isascii() and id.isdigit() and id == (id.lstrip("0") or "0")]
    by_text = len(texts) == len(ids) and texts == sorted(set(texts))
    by_number = len(plain) == len(ids) and plain == sorted(set(plain), key=lambda id: (len(id), id))
    assert SeenIds().are_new(ids) == (by_text or by_number)


@given(
    st.lists(
        st.lists(st.integers(0, 120).map(str) | st.sampled_from(["007", "NG:1", "x"]), max_size=5),
        max_size=6,
    ),
    st.lists(st.sampled_from(["look", "look at others", "go back"]), min_size=6, max_size=6),
)
def test_ids_that_were_looked_at_are_added_as_if_they_were_not(
    pages: list[list[str]], deeds: list[str]
) -> None:
    looked, plain = SeenIds(), SeenIds()
    for page, deed in zip(pages, deeds, strict=False):
        last, count = plain.last(), len(plain)
        others = ["500"] if deed == "look at others" else page
        for ids in (others, page, page):
            looked.are_new(ids)
            for seen in (looked, plain):
                seen.add(ids)
                if deed == "go back" and last is not None and count:
                    seen.back_to(last, count)
        assert looked.state() == plain.state()
        assert len(looked) == len(plain)
        assert looked.last() == plain.last()
