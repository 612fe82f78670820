"""Whole lists of operations for an update block: rows by key over what is there. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.core import operations, patch_operations
from counterfoil.core.blocks import Layout, Target, lateness, repaired, replaced
from counterfoil.core.canonical import Cell
from counterfoil.core.operations import EncodedRows, Operation
from counterfoil.core.tab_titles import tab_beside
from counterfoil.core.tally import Tally


@dataclass(frozen=True, slots=True)
class Leaving:
    """What becomes of rows that leave a block: `mark` as in `patch`, and `gone`, the tab
    for those with a person's cells beside them.
    """

    gone: str | None = None
    mark: Mapping[str, Any] | None = None
    removed: Mapping[str, Any] | None = None  # as in `patch`; None: nobody knows
    labels: Sequence[int] = ()  # the columns by which people know a row
    keep: bool = False  # what is there stays as it is
    closed: Mapping[str, Any] | None = None  # as in `patch`
    order: Mapping[str, Any] | None = None  # as in `patch`
    together: Sequence[int] = ()  # as in `patch`


def gone_title(tab: str) -> str:
    """The tab of rows that left the block of that tab: "Invoices – gone"."""
    return tab_beside(tab, "gone")


def changes(
    layout: Layout,
    target: Target,
    *,
    key: str,
    base: str,
    key_columns: Sequence[int],
    rows: EncodedRows,
    departed: Sequence[Sequence[Cell]],
    tally: Tally,
    leaving: Leaving,
    rows_after: int | None = None,
    currency: Sequence[Mapping[str, Any]] = (),
) -> tuple[Operation, ...]:
    """An update: only new, changed and departed rows travel. `tally` counts those in `rows`;
    `rows_after` is how many data rows the block has then, where that is known.
    """
    patch = patch_operations.patch(
        target.run,
        base=base,
        header=_header(layout),
        columns=layout.columns,
        key_columns=key_columns,
        departed=departed,
        rows=rows,
        **_of(leaving),
    )
    return _around(layout, target, key, leaving, tally, patch, rows_after, currency)


def whole(
    layout: Layout,
    target: Target,
    *,
    key: str,
    key_columns: Sequence[int],
    rows: EncodedRows | None,
    tally: Tally,
    leaving: Leaving,
    currency: Sequence[Mapping[str, Any]] = (),
) -> tuple[Operation, ...]:
    """A full read into an update block that is there: what is not sent departs. Without `rows`
    they wait on the run's stage, which `blocks.staged_part` has filled.
    """
    staged = None if rows is not None else layout.header_rows + tally.rows
    patch = patch_operations.patch(
        target.run,
        base=None,
        header=_header(layout),
        columns=layout.columns,
        key_columns=key_columns,
        departed=None,
        rows=rows,
        stage_rows=staged,
        **_of(leaving),
    )
    after = tally.rows if leaving.mark is None and not leaving.keep else None
    return (
        *_around(layout, target, key, leaving, tally, patch, after, currency),
        *(() if staged is None else (operations.drop_stage(target.run),)),
    )


def _of(leaving: Leaving) -> dict[str, Any]:
    """What a patch is told of it."""
    return {
        "mark": leaving.mark,
        "removed": leaving.removed,
        "keep": leaving.keep,
        "labels": leaving.labels,
        "closed": leaving.closed,
        "order": leaving.order,
        "together": leaving.together,
    }


def _around(
    layout: Layout,
    target: Target,
    key: str,
    leaving: Leaving,
    tally: Tally,
    patch: Operation,
    rows_after: int | None,
    currency: Sequence[Mapping[str, Any]],
) -> tuple[Operation, ...]:
    """The patch between its receipts: a run that dies in between leaves the block marked, and the
    next one is a `whole`.
    """
    titles, sums = _header(layout)[-1], tally.sums()
    return (
        operations.expect_old(
            run=target.run,
            fence=target.fence,
            key=key,
            keys=layout.marks_of_keys(key),
            titles=titles,
            replace=target.replace,
            log=None if target.replace else repaired(target),
        ),
        *replaced(target),
        patch,
        *((patch_operations.copy_leaving(leaving.gone),) if leaving.gone is not None else ()),
        _receipt("writing", layout, target, key),
        patch_operations.commit_patch(),
        patch_operations.expect_patched(
            run=target.run,
            key=key,
            columns=len(layout.columns),
            header_rows=layout.header_rows,
            kinds=[column.kind for column in layout.columns],
            titles=[None if i in layout.kept_titles else it for i, it in enumerate(titles)],
            sums=[{**each, "sum": None} for each in sums] if leaving.keep else sums,
            rows=rows_after,
            currency=currency,
        ),
        *lateness(layout, target),
        operations.format_block(
            header_row=layout.header_rows - 1,
            freeze=layout.header_rows,
            rows=layout.row_looks,
            right=layout.right,
        ),
        operations.note(0, 0, target.note),
        _receipt("done", layout, target, key),
        # Behind the receipt: what cannot be logged makes no table incomplete.
        *(
            (operations.append_log(operations.LOG_TAB, [[target.title, target.at]], changes=True),)
            if leaving.labels
            else ()
        ),
    )


def _receipt(state: operations.ReceiptState, layout: Layout, target: Target, key: str) -> Operation:
    return patch_operations.receipt_patched(
        state,
        run=target.run,
        fence=target.fence,
        header_rows=layout.header_rows,
        columns=len(layout.columns),
        keys=layout.marks_of_keys(key),
        at=target.at,
    )


def _header(layout: Layout) -> list[list[Cell]]:
    rows: list[list[Cell]] = json.loads(layout.header.text)
    return rows
