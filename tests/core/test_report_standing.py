from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from counterfoil.core import marks
from counterfoil.core.canonical import Cell
from counterfoil.core.errors import BadRequest
from counterfoil.core.keyed import Line, lines_in, text_of
from counterfoil.core.report_standing import standing_of
from counterfoil.core.reports import LineKind

KEY = "0f" * 32
LABELS: list[Cell] = ["Income", "Sales", "Total Income"]
LINES = (
    Line(marks.line_mark(KEY, "Income"), LineKind.SECTION, 0),
    Line(marks.line_mark(KEY, "Income/1"), LineKind.DATA, 1),
    Line(marks.line_mark(KEY, "Income:total"), LineKind.TOTAL, 0),
)


def told(**changes: Any) -> dict[str, Any]:
    receipt = {
        "state": "done",
        "rows": 8,
        "columns": 2,
        "keys": marks.key_marks(KEY, ["account", "total"]),
        "digest": {"chunks": [[3, 1]], "value": ""},
        "lines": text_of(KEY, LINES, LABELS),
    }
    whole = {
        "receipt": receipt,
        "rows": 8,
        "columns": 2,
        "titles": ["", "Total"],
        "labels": LABELS,
    }
    return copy.deepcopy({**whole, **changes})


def test_a_receipt_tells_of_each_line_in_seven_characters_and_of_no_name() -> None:
    text = text_of(KEY, LINES, LABELS)
    assert len(text) == 3 * 7 + 4
    assert lines_in(text) == (LINES, text[-4:])
    assert not any(str(label) in text for label in LABELS)
    deep = Line(LINES[1].mark, LineKind.DATA, 40)
    found = lines_in(text_of(KEY, [deep], ["x"]))
    assert found is not None
    assert found[0] == (Line(deep.mark, LineKind.DATA, 20),)


@pytest.mark.parametrize("text", ["", "abcd", "abcdefg", "abcdef/abcd", "abcdef_abcd", "é" * 11])
def test_what_is_no_text_of_lines_is_none(text: str) -> None:
    assert lines_in(text) is None


def test_a_block_as_it_was_left_stands() -> None:
    found = standing_of(told(), KEY)
    assert found is not None
    assert found.lines == LINES
    assert (found.labels, found.titles) == (tuple(LABELS), ("", "Total"))
    assert "".join(found.keys) == told()["receipt"]["keys"]


def test_lines_with_something_beside_them_are_told_by_their_places() -> None:
    found, older = standing_of(told(beside=[1, 2]), KEY), standing_of(told(), KEY)
    assert found is not None
    assert older is not None
    assert (found.beside, older.beside) == (frozenset({1, 2}), frozenset())


@pytest.mark.parametrize("beside", [1, ["1"], [-1], [0] * 1_101], ids=["1", "text", "-1", "many"])
def test_places_beside_that_no_spreadsheet_of_ours_tells_are_refused(beside: Any) -> None:
    with pytest.raises(BadRequest, match="What was told of the table is not understood"):
        standing_of(told(beside=beside), KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"receipt": None},
        {"labels": ["Sales", "Income", "Total Income"]},  # sorted
        {"labels": ["Income", "Sales", "Total"]},
        {"rows": 9, "labels": [*LABELS, ""]},
        {"columns": 3, "titles": ["", "Mine", "Total"]},  # and no marks to tell which are ours
    ],
)
def test_a_block_that_is_not_as_it_was_left_is_not_used(changes: dict[str, Any]) -> None:
    assert standing_of(told(**changes), KEY) is None


def test_a_column_of_a_persons_inside_is_told_by_the_marks_of_ours() -> None:
    whole = told(columns=3, titles=["", "Mine", "Total"])
    titles = "".join(marks.title_mark(KEY, title) for title in ("", "Total"))
    whole["receipt"]["marks"] = {"titles": titles}
    found = standing_of(whole, KEY)
    assert found is not None
    assert found.titles == ("", "Total")


def test_another_key_vouches_for_nothing() -> None:
    assert standing_of(told(), "0e" * 32) is None


RECEIPT = told()["receipt"]


@pytest.mark.parametrize(
    "changes",
    [
        {"receipt": "done"},
        {"receipt": {**RECEIPT, "rows": "8"}},
        {"receipt": {**RECEIPT, "keys": ["x"]}},
        {"receipt": {**RECEIPT, "lines": "a" * 40_000}},
        {"rows": None},
        {"columns": -1},
        {"labels": "Income"},
        {"labels": [["Income"]]},
        {"labels": ["x" * 60_000]},
        {"labels": ["x"] * 1_200},
        {"titles": None},
    ],
)
def test_what_no_spreadsheet_of_ours_tells_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        standing_of(told(**changes), KEY)


@pytest.mark.parametrize("name", ["places", "marks", "to_come", "state", "digest"])
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[-5]], [99], {"titles": 3}])
def test_a_receipt_that_somebody_made_up_breaks_nothing(name: str, value: Any) -> None:
    whole = told(receipt={**RECEIPT, name: value})
    try:
        found = standing_of(json.loads(json.dumps(whole)), KEY)
    except BadRequest:
        return
    assert found is None or found.titles == ("", "Total")
