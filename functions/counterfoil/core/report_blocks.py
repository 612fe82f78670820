"""The operations of a printed report that is woven into the block in the sheet. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from counterfoil.core import blocks, line_operations, operations, patch_operations
from counterfoil.core.blocks import Layout, Target
from counterfoil.core.digest import Digest
from counterfoil.core.keyed import Standing, Weaving, text_of
from counterfoil.core.operations import EncodedRows, Operation
from counterfoil.core.tab_titles import tab_beside
from counterfoil.core.tally import Tally


def woven_in(
    layout: Layout,
    rows: EncodedRows,
    target: Target,
    digest: Digest,
    tally: Tally,
    *,
    weaving: Weaving,
    standing: Standing,
    totals: Sequence[Operation] = (),
) -> tuple[Operation, ...]:
    """Room is made inside the block before its rows are written; what goes, goes first."""
    key = digest.as_json(with_key=True)["key"]
    here = "".join(standing.keys)
    moved = (weaving.rows, weaving.columns)
    first: tuple[Operation, ...] = blocks.before(layout, target, digest, keys=here)
    if any(places.gone or places.fresh for places in moved):
        signed = patch_operations.receipt_patched(
            "writing",
            run=target.run,
            fence=target.fence,
            header_rows=layout.header_rows,
            columns=len(standing.keys),
            keys=here,
            at=target.at,
            lines=text_of(key, standing.lines, standing.labels),
            to_come={
                "rows": weaving.rows.after,
                "keys": layout.marks_of_keys(key),
                "lines": layout.lines,
            },
        )
        first = (*first, signed, *_room(weaving))
    return blocks.direct(layout, rows, target, digest, tally, first=first, totals=totals)


def into_history(target: Target) -> tuple[Operation, ...]:
    """The block as the run has left it, as values, below the copies of earlier runs."""
    title = tab_beside(target.title, "history")
    return (
        operations.append_log(title, [[target.title, target.at]]),
        operations.copy_values(title),
    )


def _room(weaving: Weaving) -> list[Operation]:
    rows, columns = weaving.rows, weaving.columns
    made: list[Operation] = []
    if rows.gone:
        made.append(line_operations.delete_rows(rows.between, rows.gone))
    if rows.fresh:
        made.append(line_operations.insert_rows(rows.after, rows.fresh))
    if columns.gone:
        made.append(line_operations.delete_columns(columns.between, columns.gone))
    if columns.fresh:
        made.append(line_operations.insert_columns(columns.after, columns.fresh))
    return made
