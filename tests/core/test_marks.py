"""Marks: what a receipt keeps so that the next run can name what a person changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core import marks
from counterfoil.core.canonical import Cell

KEY = "0f" * 32
OTHER = "1e" * 32
ROWS = st.lists(st.tuples(st.text(max_size=3), st.integers(-9, 9)), min_size=1, max_size=40)


def rows_of(given_rows: list[tuple[str, int]]) -> list[list[Cell]]:
    return [[f"{i}", text, number] for i, (text, number) in enumerate(given_rows)]


def test_a_mark_says_nothing_without_the_key() -> None:
    assert marks.title_mark(KEY, "Total") != marks.title_mark(OTHER, "Total")
    assert len(marks.title_mark(KEY, "Total")) == marks.MARK


def test_the_marks_of_keys_are_one_text_of_six_characters_each() -> None:
    made = marks.key_marks(KEY, ["id", "name", "id"])
    assert made == "Vk2wSZrlxGqfVk2wSZ"
    assert marks.cut(made, marks.KEY_MARK)[0] == marks.cut(made, marks.KEY_MARK)[2]
    assert made != marks.key_marks(OTHER, ["id", "name", "id"])


@given(ROWS)
def test_the_room_that_marks_need_is_known_before_they_are_made(
    some: list[tuple[str, int]],
) -> None:
    made = marks.of(KEY, [["above"]], ["a", "b", "c"], rows_of(some), 3)
    long = marks.as_long(3, len(some))
    assert {name: len(text) for name, text in made.items()} == {
        name: len(text) for name, text in long.items()
    }


@given(ROWS, st.randoms())
def test_rows_in_any_order_have_the_same_marks(some: list[tuple[str, int]], random: object) -> None:
    rows = rows_of(some)
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert marks.of(KEY, [], ["a"], rows, 3) == marks.of(KEY, [], ["a"], mixed, 3)


@given(ROWS, st.data())
def test_one_changed_row_is_named(some: list[tuple[str, int]], data: st.DataObject) -> None:
    rows = rows_of(some)
    kept = marks.row_marks(KEY, marks.order(rows))
    at = data.draw(st.integers(0, len(rows) - 1))
    rows[at] = [rows[at][0], "changed by a person", 0]
    assert marks.changed_row(KEY, kept, marks.order(rows)) == at


def test_of_several_changed_rows_none_is_named() -> None:
    rows = rows_of([("a", 1), ("b", 2), ("c", 3), ("d", 4)])
    kept = marks.row_marks(KEY, marks.order(rows))
    rows[0][1] = rows[3][1] = "x"
    assert marks.changed_row(KEY, kept, marks.order(rows)) is None


def test_columns_are_known_by_title_and_data_then_by_either() -> None:
    kept = {"titles": ["t0", "t1", "t2"], "columns": ["c0", "c1", "c2"]}
    assert marks.places(kept, ["t0", "x", "t1", "t2"], ["c0", "x", "c1", "c2"]) == [0, 2, 3]
    assert marks.places(kept, ["t0", "new", "t2"], ["c0", "c1", "c2"]) == [0, 1, 2]
    assert marks.places(kept, ["t2", "t0", "t1"], ["c2", "c0", "c1"]) == [1, 2, 0]
    assert marks.places(kept, ["t0", "t2"], ["c0", "c2"]) is None


def test_a_renamed_column_without_data_is_not_taken_for_one_without_a_title() -> None:
    kept = {"titles": ["t0", "t1", "t2"], "columns": ["none", "none", "none"]}
    found = ["t0", "blank", "new", "t2"]
    assert marks.places(kept, found, ["none"] * 4, "blank") == [0, 2, 3]
    # A person took the title away: then there is only this one.
    assert marks.places(kept, ["t0", "blank", "t2"], ["none"] * 3, "blank") == [0, 1, 2]
