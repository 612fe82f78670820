"""The operation that makes a chart. Pure.

The rest of the table in docs/operations.md is in core/operations.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from counterfoil.core.operations import Operation

ChartTemplate = Literal["bar", "column", "line"]


def chart(
    template: ChartTemplate,
    *,
    name: str,
    title: str,
    header_rows: int,
    over: int,
    series: Sequence[int],
    row: int,
    column: int,
    tab: str | None = None,
) -> Operation:
    """A chart of ours over columns of ours: `series` drawn over the column `over`.

    `name` tells it from the block's other charts. `row` and `column` are where it is put when it is
    made, counted from the block's top left cell, or from A1 of the tab of that title.
    """
    fields = {
        "template": template,
        "name": name,
        "title": title,
        "header_rows": header_rows,
        "over": over,
        "series": list(series),
        "row": row,
        "column": column,
        **({"tab": tab} if tab is not None else {}),
    }
    return Operation("chart", fields)
