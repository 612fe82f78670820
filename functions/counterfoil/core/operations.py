"""Operations: what a writer does to a sheet, as plain data. Pure.

The closed table of docs/operations.md, one function per line of it, with core/patch_operations.py,
core/line_operations.py and core/chart_operations.py. Rows are encoded once, as their canonical
text, and travel inside the operation as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from counterfoil.core.canonical import Cell, canonical

Place = Literal["stage", "block"]
LOG_TAB = "Counterfoil log"
# What names a table of ours (flows/exporters.py), as addon/BlockState.js has it: people name
# ranges of their own CF_Q1 or CF_2026, of a cash flow.
BLOCK_NAME = re.compile(r"CF_[0-9a-f]{16}")
# Lists of what runs changed make room for new ones from here on; with as many lines of runs as the
# add-on keeps (addon/RunLog.js) the tab stays under 1,000 rows.
LOG_ROWS = 450
LOG_LINES = 500  # of runs that nobody looked at, as the add-on keeps them (addon/RunLog.js)
# How that tab begins, as the add-on begins it (addon/RunLog.js): titles, and widths in pixels.
LOG_HEAD: Mapping[str, Any] = {
    "titles": ["When", "Export", "What came of it", "Run"],
    "widths": [130, 180, 640, 110],
}
ReceiptState = Literal["writing", "done"]


@dataclass(frozen=True, slots=True)
class EncodedRows:
    """Rows as JSON text in the pieces in which they came, each `[…],…`, and how many they are."""

    pieces: tuple[str, ...] = field(repr=False)
    rows: int

    @classmethod
    def of(cls, rows: Sequence[Sequence[Cell]]) -> EncodedRows:
        return cls.encoded(canonical(rows), len(rows))

    @classmethod
    def encoded(cls, text: str, rows: int) -> EncodedRows:
        """Of their text, `[[…],…]`."""
        return cls((text[1:-1],) if rows else (), rows)

    @classmethod
    def joined(cls, parts: Iterable[EncodedRows]) -> EncodedRows:
        """The rows of all parts, in order."""
        full = [part for part in parts if part.rows]
        pieces = tuple(piece for part in full for piece in part.pieces)
        return cls(pieces, sum(part.rows for part in full))

    @property
    def text(self) -> str:
        """All of them: `[[…],…]`."""
        return "".join(self.texts())

    def texts(self) -> Iterator[str]:
        """The same, bit by bit: megabytes are put together once, with what is around them."""
        yield "["
        for at, piece in enumerate(self.pieces):
            yield "," * (at > 0)
            yield piece
        yield "]"


NO_ROWS = EncodedRows((), 0)


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """How a writer treats one column: docs/operations.md "kind" and "pattern"."""

    kind: Literal["text", "number", "date", "datetime", "boolean"]
    pattern: str

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "pattern": self.pattern}


class RowLook(NamedTuple):
    """How one row of the block looks; `depth` indents its first cell."""

    row: int
    bold: bool = False
    depth: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "bold": self.bold, "depth": self.depth}


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of a step's list. `rows` holds the cells of `stage` and `commit`."""

    name: str
    fields: Mapping[str, Any]
    rows: EncodedRows | None = None

    def json(self) -> str:
        return "".join(self.texts())

    def texts(self) -> Iterator[str]:
        """Its JSON, bit by bit."""
        text = json.dumps({"op": self.name, **self.fields}, separators=(",", ":"))
        if self.rows is None:
            yield text
            return
        yield f'{text[:-1]},"rows":'
        yield from self.rows.texts()
        yield "}"


def encode(operations: Iterable[Operation]) -> str:
    """The JSON array of a step's operations; their rows are not encoded again."""
    return "".join(texts(operations))


def texts(operations: Iterable[Operation]) -> Iterator[str]:
    """The same, bit by bit."""
    yield "["
    for at, operation in enumerate(operations):
        yield "," * (at > 0)
        yield from operation.texts()
    yield "]"


def ensure_tab(title: str) -> Operation:
    return Operation("ensure_tab", {"title": title})


def ensure_grid(rows: int, columns: int) -> Operation:
    return Operation("ensure_grid", {"rows": rows, "columns": columns})


def stage(
    run: str, row: int, header_rows: int, columns: Sequence[SheetColumn], rows: EncodedRows
) -> Operation:
    """Rows for the hidden tab of the run, from its row `row` on."""
    fields = {
        "run": run,
        "row": row,
        "header_rows": header_rows,
        "columns": [column.as_json() for column in columns],
    }
    return Operation("stage", fields, rows)


def expect(
    on: Place,
    *,
    run: str,
    rows: int,
    columns: int,
    header_rows: int,
    kinds: Sequence[str],
    distinct: Mapping[str, int],
    sums: Sequence[Mapping[str, Any]],
    digest: Mapping[str, Any],
    marks: bool = False,
    changes: Mapping[str, Any] | None = None,
) -> Operation:
    """Reads back and compares. `rows` and `columns` count the whole rectangle, header included.

    `kinds` holds one kind per column, by which the cells read are understood; `distinct` is
    {"column", "count"}; each of `sums` is {"column", "scale", "sum"}; `digest` is a Digest
    with its key. With `marks`, the next receipt tells where the next run finds what it wrote.
    `changes` is {"key_columns", "labels", "whose"}: rows are compared with those of the block
    before, where its receipt has the same `whose`.
    """
    return Operation(
        "expect",
        {
            "on": on,
            "run": run,
            "rows": rows,
            "columns": columns,
            "header_rows": header_rows,
            "kinds": list(kinds),
            "distinct": dict(distinct),
            "sums": [dict(total) for total in sums],
            "digest": dict(digest),
            **({"marks": True} if marks else {}),
            **({"changes": dict(changes)} if changes else {}),
        },
    )


def expect_old(
    *,
    run: str,
    fence: int,
    key: str,
    keys: str,
    titles: Sequence[Cell],
    replace: bool,
    log: tuple[str, str, str] | None = None,
) -> Operation:
    """The block is as the last run left it, or may be replaced as it is.

    `fence` counts the runs of the exporter; `key` is the digest's, in hex; `keys`
    (marks.key_marks) and `titles` are of the columns to come. With `log` (a tab, and a line of two
    texts) what a killed run left and somebody may have typed into is copied below that line.
    """
    asked: dict[str, Any] = {
        "on": "old",
        "run": run,
        "fence": fence,
        "key": key,
        "keys": keys,
        "titles": list(titles),
        "replace": replace,
    }
    if log:
        asked["log"] = {"title": log[0], "row": list(log[1:])}
    return Operation("expect", asked)


def append_log(title: str, rows: Sequence[Sequence[str]], *, changes: bool = False) -> Operation:
    """Texts below what is in the tab of that title; with `changes`, then what the step has changed
    (its patch, or an `expect` with `changes`), and nothing at all where it was nothing. The oldest
    such lists go where they have `LOG_ROWS` rows or more, and an empty log gets `LOG_HEAD` first.
    """
    fields: dict[str, Any] = {"title": title, "rows": [list(row) for row in rows]}
    listed = {"changes": True, "most": LOG_ROWS, "head": LOG_HEAD} if changes else {}
    return Operation("append_log", fields | listed)


def log_line(row: Sequence[str]) -> Operation:
    """A line of a run that nobody looked at: when, which export, what came of it, which run. The
    oldest lines go where there are `LOG_LINES` or more, and an empty log gets `LOG_HEAD` first.
    """
    fields = {"title": LOG_TAB, "rows": [list(row)], "most": LOG_LINES, "head": LOG_HEAD}
    return Operation("append_log", fields)


def copy_values(title: str) -> Operation:
    """The block as it is, as values, below what is in the tab of that title."""
    return Operation("copy_values", {"title": title})


def commit(header_rows: int, columns: Sequence[SheetColumn], rows: EncodedRows) -> Operation:
    """The block's new rectangle, written in one call."""
    fields = {"header_rows": header_rows, "columns": [column.as_json() for column in columns]}
    return Operation("commit", fields, rows)


def commit_stage(
    run: str, header_rows: int, columns: Sequence[SheetColumn], stage_rows: int
) -> Operation:
    """The same, copied as values from the run's stage."""
    return Operation(
        "commit",
        {
            "run": run,
            "header_rows": header_rows,
            "columns": [column.as_json() for column in columns],
            "stage_rows": stage_rows,
        },
    )


def name_block(rows: int, columns: int) -> Operation:
    return Operation("name_block", {"rows": rows, "columns": columns})


def format_block(
    header_row: int,
    freeze: int,
    rows: Sequence[RowLook] = (),
    widths: Sequence[int] = (),
    *,
    right: Sequence[int] | None = None,
    freeze_columns: int = 0,
    hide_columns: Sequence[int] = (),
    hide_rows: Sequence[int] = (),
) -> Operation:
    """Looks: the header row in bold, `freeze` rows and `freeze_columns` columns frozen from the
    block's first on, rows that differ from plain ones, and widths in pixels (only for a block
    that is new). The titles of the columns `right` stand right, as their values do. What was hidden
    stays hidden.
    """
    more = {
        "freeze_columns": freeze_columns,
        "hide_columns": list(hide_columns),
        "hide_rows": list(hide_rows),
    }
    return Operation(
        "format",
        {
            "header_row": header_row,
            "freeze": freeze,
            "rows": [look.as_json() for look in rows],
            "widths": list(widths),
            **({"right": list(right)} if right is not None else {}),
            **{name: value for name, value in more.items() if value},
        },
    )


def note(row: int, column: int, text: str) -> Operation:
    return Operation("note", {"row": row, "column": column, "text": text})


def receipt(
    state: ReceiptState,
    *,
    run: str,
    fence: int,
    rows: int,
    columns: int,
    keys: str,
    digest: Mapping[str, Any],
    at: str,
    lines: str = "",
    whose: str = "",
) -> Operation:
    """What the block's receipt becomes; `fence` and `keys` as in `expect_old`, `digest` without
    its key, `at` is ISO 8601. `lines` are those of a report, for its next run, and `whose` is as in
    the next run's `expect` with `changes`.
    """
    if "key" in digest:
        raise ValueError("a receipt never holds the digest's key")
    return Operation(
        "receipt",
        {
            "state": state,
            "run": run,
            "fence": fence,
            "rows": rows,
            "columns": columns,
            "keys": keys,
            "digest": dict(digest),
            "at": at,
            **({"lines": lines} if lines else {}),
            **({"whose": whose} if whose else {}),
        },
    )


def drop_stage(run: str) -> Operation:
    return Operation("drop_stage", {"run": run})
