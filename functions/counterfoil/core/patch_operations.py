"""Operations that lay rows by key over the block as it is, one constructor each. Pure.

The rest of the table in docs/operations.md is in core/operations.py and core/line_operations.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.core.canonical import Cell
from counterfoil.core.operations import EncodedRows, Operation, ReceiptState, SheetColumn


def patch(
    run: str,
    *,
    base: str | None,
    header: Sequence[Sequence[Cell]],
    columns: Sequence[SheetColumn],
    key_columns: Sequence[int],
    departed: Sequence[Sequence[Cell]] | None,
    rows: EncodedRows | None,
    stage_rows: int | None = None,
    mark: Mapping[str, Any] | None = None,
    removed: Mapping[str, Any] | None = None,
    keep: bool = False,
    labels: Sequence[int] = (),
    closed: Mapping[str, Any] | None = None,
    order: Mapping[str, Any] | None = None,
    together: Sequence[int] = (),
) -> Operation:
    """Rows by key, laid in memory over the block that an `expect` on "old" has just looked at.

    `base` is the run whose receipt the request brought along; `departed` are keys (a list of
    cells each, as many as `key_columns`), None for all rows that are not sent. Rows come along or
    wait on the run's stage. `mark` is {"column", "text", "beside"}: departed rows stay, with that
    text in that column of ours; with `beside` only those that a person's cells stand beside.
    `removed` is {"columns", "values"}: of the departed rows those with such cells are gone from
    QuickBooks, the others have left the table only. With `keep` a row that is there stays as it
    is. `labels` are the columns by which people know a row. `closed` is {"column", "until"}:
    changes to rows whose date there is not after that day (a serial number) are counted; with
    `of`, `until` has a day for each cell of that column. `order` is {"column", "descending"}: all
    rows are put into that order, with what stands beside them. `together` are columns that tell a
    record: where some of its rows are sent, its rows come together, in the order of these.
    """
    if (rows is None) == (stage_rows is None):
        raise ValueError("the rows of a patch come along or wait on the stage")
    if departed is not None and base is None:
        raise ValueError("a patch of some rows is made for what one run has left")
    fields: dict[str, Any] = {
        "run": run,
        **({"base": base} if departed is not None else {}),
        "header_rows": len(header),
        **({"header": [list(row) for row in header]} if departed is None else {}),
        "columns": [column.as_json() for column in columns],
        "key_columns": list(key_columns),
        "departed": "others" if departed is None else [list(key) for key in departed],
        **({"mark": dict(mark)} if mark is not None else {}),
        **({"removed": dict(removed)} if removed is not None else {}),
        **({"keep": True} if keep else {}),
        **({"labels": list(labels)} if labels else {}),
        **({"closed": dict(closed)} if closed else {}),
        **({"order": dict(order)} if order else {}),
        **({"together": list(together)} if together else {}),
        **({"stage_rows": stage_rows} if stage_rows is not None else {}),
    }
    return Operation("patch", fields, rows)


def commit_patch() -> Operation:
    """What `patch` has laid becomes the block, in one call."""
    return Operation("commit", {"patched": True})


def copy_leaving(title: str) -> Operation:
    """Of the rows that the patch lets go, those with cells of a person's beside them: whole, as
    values, below what is in the tab of that title.
    """
    return Operation("copy_values", {"title": title, "leaving": True})


def expect_patched(
    *,
    run: str,
    key: str,
    columns: int,
    header_rows: int,
    kinds: Sequence[str],
    titles: Sequence[Cell | None],
    sums: Sequence[Mapping[str, Any]],
    rows: int | None = None,
    currency: Sequence[Mapping[str, Any]] = (),
) -> Operation:
    """The block holds what the patch laid, each key once.

    `key` is the digest's; `titles` are our own, null for one that stays as the last run wrote it;
    `currency` is {"column", "home"} for each of `sums`: the currency of a row's amount, where that
    column is not null and the cell not blank, else the home one; `rows` counts the data rows, where
    the request told enough to know them; each of `sums` is of the rows that were sent.
    """
    return Operation(
        "expect",
        {
            "on": "patched",
            "run": run,
            "key": key,
            "columns": columns,
            "header_rows": header_rows,
            "kinds": list(kinds),
            "titles": list(titles),
            "sums": [dict(total) for total in sums],
            **({"rows": rows} if rows is not None else {}),
            **({"currency": [dict(each) for each in currency]} if currency else {}),
        },
    )


def receipt_patched(
    state: ReceiptState,
    *,
    run: str,
    fence: int,
    header_rows: int,
    columns: int,
    keys: str,
    at: str,
    lines: str = "",
    to_come: Mapping[str, Any] | None = None,
) -> Operation:
    """A receipt whose rows and digest the writer fills in: it alone has all the rows.

    `lines` are those of a report; `to_come` is what they, `rows` and `keys` are when room has been
    made for new ones, so that the next run knows them, whenever this one dies.
    """
    return Operation(
        "receipt",
        {
            "state": state,
            "run": run,
            "fence": fence,
            "patched": True,
            "header_rows": header_rows,
            "columns": columns,
            "keys": keys,
            "at": at,
            **({"lines": lines} if lines else {}),
            **({"to_come": dict(to_come)} if to_come else {}),
        },
    )
