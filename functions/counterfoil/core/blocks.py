"""Whole lists of operations for a block: an export in one step, or in several. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from counterfoil.core import line_operations, looks, marks, operations
from counterfoil.core.datasets import Column, ColumnType
from counterfoil.core.dates import wall_clock
from counterfoil.core.digest import Digest
from counterfoil.core.operations import EncodedRows, Operation, RowLook, SheetColumn
from counterfoil.core.rows_known import RowsKnown
from counterfoil.core.tab_titles import tab_beside
from counterfoil.core.tally import Tally

# Places after the point that nearly every currency does with.
_SUMS_SCALE = 2

_RIGHT = ("number", "date", "datetime")  # kinds of columns


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything about a block but its data rows."""

    keys: tuple[str, ...]  # one per column, for the receipt
    columns: tuple[SheetColumn, ...]
    header: EncodedRows  # the header rows; the last of them holds the column titles
    widths: tuple[int, ...]
    sums: tuple[tuple[int, int], ...] = ()  # (column, scale) that the sheet is asked to add up
    key: int = 0  # the column whose values are counted as distinct
    row_looks: tuple[RowLook, ...] = ()
    title_looks: tuple[
        RowLook, ...
    ] = ()  # set once, in a block that is new; then they are people's
    frozen_columns: int = 0  # from the first one on, in a block that is new
    key_marks: str = ""  # those of `keys`, where columns of earlier runs are among them
    lines: str = ""  # of a report, for the receipt: keyed.text_of
    hidden: tuple[int, ...] = ()  # columns that nobody chose, in a block that is new
    kept_titles: frozenset[int] = frozenset()  # columns whose titles stay as they were written
    known: RowsKnown | None = None  # None: a replacement tells nothing of single rows

    @property
    def header_rows(self) -> int:
        return self.header.rows

    @property
    def right(self) -> tuple[int, ...]:
        """The columns whose values Google puts at the right of their cells: numbers and dates."""
        return tuple(i for i, column in enumerate(self.columns) if column.kind in _RIGHT)

    def marks_of_keys(self, key: str) -> str:
        """For the receipt; `key` is the digest's."""
        return self.key_marks or marks.key_marks(key, self.keys)

    def tally(self) -> Tally:
        """An empty one that counts what this block's `expect` will ask for."""
        return Tally(self.key, self.sums)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a run writes, and in whose name."""

    run: str
    fence: int  # counts the exporter's runs: of two that meet in the sheet, the later one writes
    title: str  # of the tab, where one must be made
    note: str  # for the block's first header cell
    at: str  # ISO 8601, when the receipt is written
    new: bool  # the block has never been written
    replace: bool = False  # whatever people did to it: a tab beside it keeps a copy
    # When the table is late, as (day, second) of a spreadsheet: since when, and from when on.
    late: tuple[tuple[int, int], tuple[int, int]] | None = None


def entity_layout(
    columns: Sequence[Column],
    currency: str,
    *,
    key: int = 0,
    hidden: Sequence[int] = (),
    title: str = "",
) -> Layout:
    """A table of records: one header row, bold and frozen, then one row per record; above the
    header a row for the `title`, where there is one. `key` is the column whose values are counted
    as distinct.
    """
    titles = [column.title for column in columns]
    above = [[title, *("" for _ in titles[1:])]] if title else []
    # Records may be in other currencies than the company's: yen at home, dollars abroad.
    scale = max(looks.decimals(currency), _SUMS_SCALE)
    return Layout(
        keys=tuple(column.key for column in columns),
        columns=tuple(looks.sheet_column(column, currency) for column in columns),
        header=EncodedRows.of([*above, titles]),
        widths=tuple(looks.width(column) for column in columns),
        sums=tuple(
            (place, scale)
            for place, column in enumerate(columns)
            if column.type is ColumnType.MONEY
        ),
        key=key,
        hidden=tuple(hidden),
        row_looks=(RowLook(0, bold=True),) if title else (),
    )


def direct(
    layout: Layout,
    rows: EncodedRows,
    target: Target,
    digest: Digest,
    tally: Tally,
    *,
    first: Sequence[Operation] | None = None,
    totals: Sequence[Operation] = (),
) -> tuple[Operation, ...]:
    """The whole of an export whose rows fit into one step.

    `first` is what makes room inside the block, in place of `before`; `totals` take the places of
    values that were read back.
    """
    height, width = layout.header_rows + rows.rows, len(layout.columns)
    commit = operations.commit(
        layout.header_rows, layout.columns, EncodedRows.joined((layout.header, rows))
    )
    return (
        *(before(layout, target, digest) if first is None else first),
        operations.ensure_tab(target.title),
        operations.ensure_grid(height, width),
        # Only where its rows stand already as they are going to stand.
        _receipt("writing", layout, target, digest, height, lines=first is not None),
        *_written(layout, target, digest, tally, commit, height),
        *totals,
        *lateness(layout, target),
        *_looking(layout, target, digest, height),
    )


def staged_part(
    layout: Layout, rows: EncodedRows, run: str, rows_before: int
) -> tuple[Operation, ...]:
    """One step's rows into the run's stage; the first part carries the header rows along,
    a later one without rows is no operation.
    """
    first = rows_before == 0
    if not (first or rows.rows):
        return ()
    return (
        operations.stage(
            run,
            0 if first else layout.header_rows + rows_before,
            layout.header_rows if first else 0,
            layout.columns,
            EncodedRows.joined((layout.header, rows)) if first else rows,
        ),
    )


def staged_end(
    layout: Layout, target: Target, digest: Digest, tally: Tally
) -> tuple[Operation, ...]:
    """From a complete stage to the block, which changes only once the stage was found right."""
    height = layout.header_rows + tally.rows
    commit = operations.commit_stage(target.run, layout.header_rows, layout.columns, height)
    return (
        stage_found(layout, target.run, digest, tally),
        *before(layout, target, digest),
        operations.ensure_tab(target.title),
        operations.ensure_grid(height, len(layout.columns)),
        _receipt("writing", layout, target, digest, height, lines=False),
        *_written(layout, target, digest, tally, commit, height),
        *lateness(layout, target),
        *_looking(layout, target, digest, height),
        operations.drop_stage(target.run),
    )


def stage_found(layout: Layout, run: str, digest: Digest, tally: Tally) -> Operation:
    """The stage is looked at before its rows are used."""
    return _expect("stage", layout, run, digest, tally)


def _written(
    layout: Layout,
    target: Target,
    digest: Digest,
    tally: Tally,
    commit: Operation,
    height: int,
) -> tuple[Operation, ...]:
    """A run that dies in here leaves the block marked as being written."""
    # Its name is the union of both rectangles by now, and keeps to that until the commit has
    # blanked what is no longer needed: should the run die, the next one finds all of it.
    return (
        commit,
        operations.name_block(height, len(layout.columns)),
        _expect("block", layout, target.run, digest, tally),
    )


def lateness(layout: Layout, target: Target) -> tuple[Operation, ...]:
    """Beside the title of a table that has one, and is scheduled: what says by itself that nobody
    has refreshed it.
    """
    if target.late is None or layout.header_rows < 2 or len(layout.columns) < 2:
        return ()
    at, due = target.late
    return (line_operations.formula([line_operations.NotRefreshed(0, 1, at, due)]),)


def _looking(layout: Layout, target: Target, digest: Digest, height: int) -> tuple[Operation, ...]:
    """What comes after the proof: looks, and the receipt."""
    return (
        operations.format_block(
            header_row=layout.header_rows - 1,
            freeze=layout.header_rows,
            rows=(*layout.title_looks, *layout.row_looks) if target.new else layout.row_looks,
            widths=layout.widths if target.new else (),
            right=layout.right,
            freeze_columns=layout.frozen_columns if target.new else 0,
            hide_columns=layout.hidden if target.new else (),
        ),
        operations.note(0, 0, target.note),
        _receipt("done", layout, target, digest, height, lines=True),
        # Behind the receipt: what cannot be logged makes no table incomplete.
        *(
            (operations.append_log(operations.LOG_TAB, [[target.title, target.at]], changes=True),)
            if layout.known and not target.new
            else ()
        ),
    )


def before(
    layout: Layout,
    target: Target,
    digest: Digest,
    *,
    keys: str | None = None,
    keep: bool = True,
) -> tuple[Operation, ...]:
    """What a run looks at, and keeps, before it changes anything in a block that is there.

    Also in a first run: its last step may come again, after people worked in what it wrote.
    `keys` are of the columns to be found, where others come between them later. Not `keep`: it
    looks only, long before it changes anything.
    """
    key = _hex(digest)
    old = operations.expect_old(
        run=target.run,
        fence=target.fence,
        key=key,
        keys=layout.marks_of_keys(key) if keys is None else keys,
        titles=json.loads(layout.header.text)[-1],
        replace=target.replace,
        log=repaired(target) if keep and not target.replace else None,
    )
    return (old, *replaced(target))


def repaired(target: Target) -> tuple[str, str, str]:
    """Where a table is copied that a killed run left and somebody may have typed into, and what
    stands above the copy.
    """
    return _copies(target), f"{target.title}: what was there before it was repaired", target.at


def replaced(target: Target) -> tuple[Operation, ...]:
    """The copy of what "replace anyway" writes over; nothing in another run."""
    if not target.replace:
        return ()
    why = [f"{target.title}: what was there before it was replaced", target.at]
    copies = _copies(target)
    return (operations.append_log(copies, [why]), operations.copy_values(copies))


def _copies(target: Target) -> str:
    """Not the log: a copy may be as large as the table, and a person may want to be rid of it."""
    return tab_beside(target.title, "replaced")


def note_text(
    dataset: str,
    company: str,
    period: str,
    refreshed: datetime,
    zone: ZoneInfo,
    rows: int,
    run_short: str,
) -> str:
    """What the note of the first header cell says. `period` may be empty."""
    lines = (
        f"{dataset}, {company}",
        period,
        f"Refreshed {wall_clock(refreshed, zone)}",
        f"{rows:,} {'row' if rows == 1 else 'rows'}, run {run_short}",
    )
    return "\n".join(line for line in lines if line)


def _expect(
    on: operations.Place, layout: Layout, run: str, digest: Digest, tally: Tally
) -> Operation:
    return operations.expect(
        on,
        run=run,
        rows=layout.header_rows + tally.rows,
        columns=len(layout.columns),
        header_rows=layout.header_rows,
        kinds=[column.kind for column in layout.columns],
        distinct={"column": layout.key, "count": len(tally.distinct)},
        sums=tally.sums(),
        digest=digest.as_json(with_key=True),
        marks=on == "block",
        changes=layout.known.asked(_hex(digest)) if layout.known and on == "block" else None,
    )


def _receipt(
    state: operations.ReceiptState,
    layout: Layout,
    target: Target,
    digest: Digest,
    height: int,
    *,
    lines: bool,
) -> Operation:
    key = _hex(digest)
    return operations.receipt(
        state,
        run=target.run,
        fence=target.fence,
        rows=height,
        columns=len(layout.columns),
        keys=layout.marks_of_keys(key),
        digest=digest.as_json(with_key=False),
        at=target.at,
        lines=layout.lines if lines else "",
        whose=layout.known.mark(key) if layout.known and state == "done" else "",
    )


def _hex(digest: Digest) -> str:
    return str(digest.as_json(with_key=True)["key"])
