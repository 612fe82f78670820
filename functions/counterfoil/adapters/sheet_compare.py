"""What was read back against what was expected, and the sentences where they differ. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.adapters.sheet_book import Stopped
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.core.canonical import Cell
from counterfoil.core.digest import matches
from counterfoil.core.tally import column_sum

OLD_WORDS = {
    "no_receipt": (
        "Counterfoil's notes about the table in {cell} are gone, so nobody can tell what was "
        "changed there. Replace what is there, or delete the table; then run it again."
    ),
    "differs_formula": (
        "There is a formula in the table, in {cell}. Take it out, or replace what is there."
    ),
    "differs_cell": (
        "Somebody changed {cell} after the last run. Undo that, or replace what is there."
    ),
    "differs_size": (
        "Rows were put into the table or taken out of it, at {cell}. "
        "Undo that, or replace what is there."
    ),
    "differs_columns": (
        "Counterfoil no longer knows which columns of {cell} are its own. "
        "Put back the one that was taken out, or replace what is there."
    ),
}


def squared(rows: Sequence[list[Cell]], area: Rect) -> list[list[Cell]]:
    """As many rows and columns as the area has: Google leaves out what is blank at the ends."""
    blank: list[list[Cell]] = [[]] * (area.rows - len(rows))
    return [padded(list(row), area.columns) for row in [*rows, *blank]]


def padded(row: list[Cell], wide: int) -> list[Cell]:
    return row + [""] * (wide - len(row))


def compared(op: Mapping[str, Any], rows: list[list[Cell]]) -> Json:
    """What `expect` saw in the data rows. Raises when it is not what was sent."""
    wanted = op["distinct"]
    seen: Json = {
        "rows": len(rows),
        "distinct": len({row[wanted["column"]] for row in rows}) if wanted else None,
        "sums": [str(column_sum(rows, s["column"], s["scale"])) for s in op["sums"]],
        "digest": matches(op["digest"], rows),
    }
    what = []
    if wanted and seen["distinct"] != wanted["count"]:
        what.append(("distinct", f"{seen['distinct']} different ids instead of {wanted['count']}"))
    for one, total in zip(op["sums"], seen["sums"], strict=True):
        if total != one["sum"]:
            what.append(("sum", f"the total of column {one['column'] + 1}"))
    if not seen["digest"]:
        what.append(("digest", "some cells"))
    if what:
        raise differs(op, what)
    return seen


def differs(op: Mapping[str, Any], what: list[tuple[str, str]]) -> Stopped:
    words = ", ".join(each for _, each in what)
    if op["on"] == "stage":  # of its own code: the next run mends it, whatever it was
        why = (
            f"What arrived in the sheet differs from what QuickBooks sent ({words}). "
            "Your table was not changed. Run it again."
        )
        return Stopped("stage_differs", why)
    why = f"What is in the table differs from what Counterfoil wrote ({words})."
    return Stopped(f"differs_{what[0][0]}", why)
