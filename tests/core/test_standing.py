"""What a spreadsheet tells of its table is believed as far as the receipt's marks prove it."""

from __future__ import annotations

from typing import Any

import pytest

from counterfoil.core import marks
from counterfoil.core.errors import BadRequest
from counterfoil.core.standing import GONE, Standing, standing

KEY = "0f" * 32
IDS, DAYS = ["7", "8"], [46_000, ""]


def told(**other: Any) -> dict[str, Any]:
    return {
        "there": True,
        "run": "run_1",
        "done": True,
        "keys": marks.key_marks(KEY, ["id", "date"]),
        "marks": marks.column_mark(KEY, IDS) + marks.column_mark(KEY, DAYS),
        "columns": [IDS, DAYS, None],
        **other,
    }


def read(**other: Any) -> Standing:
    return standing(told(**other), KEY, ["id", "date", "customer"])


def test_columns_that_hold_what_the_last_run_left_are_known_by_their_keys() -> None:
    found = read()
    assert (found.run, found.there) == ("run_1", True)
    assert found.columns == {"id": IDS, "date": DAYS}


def test_rows_in_another_order_are_the_same() -> None:
    assert read(columns=[["8", "7"], ["", 46_000], None]).columns["id"] == ["8", "7"]


def test_a_column_with_a_changed_cell_is_not_known() -> None:
    assert read(columns=[["7", "9"], DAYS, None]).columns == {"date": DAYS}


def test_a_table_that_is_gone_has_nothing() -> None:
    assert standing({"there": False}, KEY, ["id"]) is GONE


@pytest.mark.parametrize("other", [{"done": False}, {"run": None}, {"run": ""}])
def test_a_table_whose_last_run_did_not_end_has_no_run(other: dict[str, Any]) -> None:
    assert read(**other) == Standing(there=True)


@pytest.mark.parametrize(
    "other",
    [
        {"run": 7},
        {"keys": ["x"]},
        {"columns": "x"},
        {"columns": [IDS, DAYS, None, IDS]},
        {"columns": [IDS, [1], None]},
        {"columns": [[["7"]], None, None]},
        {"columns": [[None, None], None, None]},
        {"columns": [["x" * 50_001, "8"], None, None]},
    ],
)
def test_what_no_spreadsheet_tells_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="not understood"):
        read(**other)
