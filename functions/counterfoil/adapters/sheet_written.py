"""A run's last step that comes again, because nobody could say that it had been applied.

docs/operations.md ("A last step that comes again") binds this and addon/Written.js.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.adapters.sheet_book import Book, block_of, stage_title
from counterfoil.adapters.sheet_receipt import receipt_of
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.adapters.sheet_room import Read

Operations = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Written:
    """`left` of the step's operations; `code` where QuickBooks has sent something else now.

    `looks` are what finds out whether somebody has changed the block since; `seen` what is right
    then, where the last of them does not say it.
    """

    left: Operations
    looks: Operations = ()
    seen: Json | None = None
    code: str | None = None


def written(book: Book, block: str, operations: Operations) -> Written | None:
    """None where the block is not complete as of this very run."""
    last = next((op for op in _of(operations, "receipt") if op["state"] == "done"), None)
    receipt = receipt_of(book, block) if last and book.block else None
    if last is None or receipt is None:
        return None
    if (receipt.get("state"), receipt.get("run")) != ("done", last["run"]):
        return None
    # A patch's receipt comes without a digest: that it was done is known, not with what.
    sent = last.get("digest", {}).get("value")
    same = sent is not None and receipt.get("digest", {}).get("value") == sent
    is_staged = any("stage_rows" in op for op in operations)
    # What was sent along or is still staged can be written once more.
    if not same and not (is_staged and book.titled(stage_title(last["run"])) is None):
        return None
    left = list(_of(operations, "drop_stage"))
    if not same:
        return Written(left, code="written_before")
    looks = {op["on"]: op for op in _of(operations, "expect")}
    old = [{**looks["old"], "replace": False}] if "old" in looks else []
    if "block" not in looks:
        return Written(left, old)
    if old and receipt.get("formulas"):
        # Values that became formulas since are known by the digest that `old` finds right.
        return Written(left, old, _as_expected(looks["block"]))
    return Written(left, [*old, looks["block"]])


def after_it(book: Book, block: str, operations: Operations, read: Read) -> list[Json]:
    """What comes after the receipt of a block that is as this step has left it: charts, which are
    made once, and of the history what is not there.
    """
    at, last = next(
        (i, op)
        for i, op in enumerate(operations)
        if op["op"] == "receipt" and op["state"] == "done"
    )
    signed = (receipt_of(book, block) or {}).get("at")
    left, copied = [], set[str]()
    for op in operations[at + 1 :]:
        if op["op"] == "append_log":
            rows = [[signed if cell == last["at"] else cell for cell in row] for row in op["rows"]]
            below = _below(book, op["title"], rows[-1], read)
            if below is None:
                left.append({**op, "rows": rows})
            elif below and below >= len(read(block_of(book))):
                copied.add(op["title"])  # all of it: a large one is copied in several calls
        elif op["op"] == "chart" or (op["op"] == "copy_values" and op["title"] not in copied):
            left.append(dict(op))
    return left


def _below(book: Book, title: str, row: Sequence[Any], read: Read) -> int | None:
    """How many rows stand below that one in the tab; None where it is not there."""
    tab = book.titled(title)
    lines = read(Rect(tab.id, 0, 0, tab.rows, tab.columns)) if tab else []
    found = [i for i, line in enumerate(lines) if list(line[: len(row)]) == list(row)]
    return len(lines) - 1 - found[-1] if found else None


def _as_expected(op: Mapping[str, Any]) -> Json:
    """What an `expect` reports that finds everything right."""
    return {
        "rows": op["rows"] - op["header_rows"],
        "distinct": op["distinct"]["count"] if op["distinct"] else None,
        "sums": [each["sum"] for each in op["sums"]],
        "digest": True,
    }


def _of(operations: Operations, name: str) -> Iterator[Mapping[str, Any]]:
    return (op for op in operations if op["op"] == name)
