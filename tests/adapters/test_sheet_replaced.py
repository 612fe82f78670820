"""What a replacement did to the rows, as the backend's writer tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.adapters.sheet_book import Old
from counterfoil.adapters.sheet_lay import Lay
from counterfoil.adapters.sheet_news import Replaced
from counterfoil.adapters.sheet_replaced import replaced
from counterfoil.core.canonical import Cell

Rows = list[list[Cell]]
OF_COMPANIES = {"key_columns": [0, 1], "labels": [1, 2], "whose": "abcdef"}


def compared(before: Rows, now: Rows, **changed: Any) -> Replaced | None:
    """A table of company, Id and a cell, that nobody touched in between."""
    receipt = {
        "state": "done",
        "run": "run_1",
        "rows": 1 + len(before),
        "digest": {"chunks": [[len(before), 1]]},
        "whose": "abcdef",
    }
    titles: list[Cell] = ["Company", "Id", "Cell"]
    keys = ["c", "i", "x"]
    old = Old([titles, *before], receipt | changed, keys, titles, as_left=True)
    lay = Lay(was={key: at for at, key in enumerate(keys)})
    return replaced(old, lay, {"run": "run_2", "changes": OF_COMPANIES}, now)


def counts(before: Rows, now: Rows) -> dict[str, int]:
    found = compared(before, now)
    assert found is not None
    return dict(found.counts)


def test_rows_of_two_companies_with_one_id_are_two_rows() -> None:
    before: Rows = [["Acme", "1", 5], ["Birch", "1", 7]]
    assert counts(before, [["Birch", "1", 8], ["Acme", "2", 5]]) == {
        "new": 1,
        "changed": 1,
        "gone": 1,
    }


def test_true_is_another_cell_than_1_and_1_is_no_other_than_one_point_zero() -> None:
    before: Rows = [["Acme", "1", 1], ["Acme", "2", 1]]
    found = compared(before, [["Acme", "1", True], ["Acme", "2", 1.0]])
    assert found is not None
    assert (found.counts["changed"], found.news) == (1, [["changed", "1", "True"]])


def test_no_more_than_twenty_rows_are_listed_and_the_log_says_how_many_more_there_are() -> None:
    now: Rows = [["Acme", str(n), "a"] for n in range(25)]
    found = compared([["Acme", "x", "b"]], now)
    assert found is not None
    assert [len(found.news), found.news[0], found.news[-1]] == [
        20,
        ["new", "0", "a"],
        ["new", "19", "a"],
    ]
    told = found.told()
    assert (told[0], told[-1], len(told)) == (["25 new, 1 gone"], ["and 6 more"], 22)


def test_after_a_run_that_died_or_was_this_very_one_nothing_is_told() -> None:
    rows: Rows = [["Acme", "1", 5]]
    assert compared(rows, rows, state="writing") is None
    assert compared(rows, rows, run="run_2") is None


def test_a_key_that_two_rows_have_tells_no_rows_apart() -> None:
    twice: Rows = [["Acme", "1", 5], ["Acme", "1", 6]]
    assert compared(twice, twice[:1]) is None
    assert compared(twice[:1], twice) is None


def _tables() -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 2))


@given(_tables(), _tables(), st.randoms(use_true_random=False))
def test_the_counts_are_those_of_sets_whatever_order_the_rows_are_in(
    before: dict[str, int], now: dict[str, int], random: Any
) -> None:
    def rows(table: dict[str, int]) -> Rows:
        found: Rows = [["Acme", key, cell] for key, cell in table.items()]
        random.shuffle(found)
        return found

    both: Sequence[str] = sorted(before.keys() & now.keys())
    assert counts(rows(before), rows(now)) == {
        "new": len(now.keys() - before.keys()),
        "changed": sum(before[key] != now[key] for key in both),
        "gone": len(before.keys() - now.keys()),
    }
