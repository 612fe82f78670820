"""Rows by key: what a patch leaves of the block that was just looked at. Pure.

docs/operations.md ("Patches") binds this and addon/Patch.js.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from counterfoil.adapters.sheet_book import Book, Old, Stopped, block_of, cell_name
from counterfoil.adapters.sheet_news import MOST_LISTED, NEWS, in_closed_books, told_rows
from counterfoil.adapters.sheet_receipt import CHUNK
from counterfoil.core.canonical import Cell, canonical
from counterfoil.core.digest import Digest
from counterfoil.core.order import Order, places_in_order, places_together
from counterfoil.core.tally import column_sum

Row = list[Cell]

OTHER_RUN = "Another run wrote into the table meanwhile. Nothing was changed. Run it again."
NO_KEY = "The table at {cell} lacks the column that tells its rows apart. Replace what is there."
NOT_DISTINCT = (
    "Two rows of the table stand for the same record, and {cell} is one of them. "
    "Replace what is there."
)
SHARED = (
    "Another table of Counterfoil stands in the same rows, at {cell}. Rows could not come and go "
    "without tearing it. Move one of them to another tab."
)


@dataclass(slots=True)
class Plan:
    """The block's data rows to come, each a whole row of ours, in the sheet's order."""

    op: Mapping[str, Any]  # the patch
    rows: list[Row] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)  # places in `rows` that are to be written
    sent: list[int] = field(default_factory=list)  # places in `rows` of what was sent
    removed: list[int] = field(default_factory=list)  # data rows of the old block, ascending
    new: int = 0
    changed: int = 0  # of those that were sent and there before: the ones that differ
    left: int = 0  # of the removed: the ones that QuickBooks still has
    marked: int = 0
    closed: int = 0  # changes to rows dated when the books were closed
    news: list[tuple[str, Row]] = field(default_factory=list)  # what became of which row
    gone: set[str] = field(default_factory=set)  # keys of what QuickBooks has deleted
    totals: list[str] = field(default_factory=list)  # of the whole block, once it was read back
    order: list[int] | None = None  # the places of `rows` in another order, if they get one

    def note(self, what: str, row: Row, was: Row | None = None) -> None:
        """What became of a row, which `was` another one before."""
        self.news.append((what, row))
        if "closed" in self.op:
            self.closed += in_closed_books(self.op["closed"], row, row if was is None else was)

    def first(self) -> int:
        """The first place that changes; all are as they were where it is the number of rows."""
        return min(self.touched, default=len(self.rows))


def planned(
    book: Book,
    op: Mapping[str, Any],
    sent: Sequence[Row],
    beside: Callable[[Sequence[int]], set[int]],
) -> Plan:
    """Lays `sent` over the block. `beside` answers which of these data rows have something of a
    person's.

    Raises Stopped where the block is not the one that the patch was made for.
    """
    old, header = book.old, op["header_rows"]
    if old is None:
        block_of(book)  # says that it is gone
        raise Stopped("other_run", OTHER_RUN)
    whole = op["departed"] == "others"
    places = _places(book, old, header)
    _must_fit(book, op, old, places)
    # Of a table that is replaced anyway: nobody can tell which row is which, and all go.
    keyless = _lacks_key(op, places)
    rows = [["" if at is None else line[at] for at in places] for line in old.cells[header:]]
    waiting: dict[str, Row] = {_key(row, op["key_columns"]): row for row in sent}
    if len(waiting) != len(sent):
        raise _twice(book, header)
    gone = set() if whole else {canonical([key]) for key in op["departed"]}
    keys = [_key(row, op["key_columns"]) for row in rows]
    came = frozenset(waiting)
    apart = cache(
        lambda: beside(
            [i for i, key in enumerate(keys) if (key not in came if whole else key in gone)]
        )
    )
    plan, seen, keep = Plan(op), set[str](), bool(op.get("keep"))
    if "removed" in op:
        plan.gone = {canonical([each]) for each in op["removed"]["values"]}
    for place, row in enumerate(rows):
        key = keys[place]
        if not whole and key in seen:
            raise _twice(book, header + place)
        repeated = keyless or key in seen
        seen.add(key)
        if key in waiting and not repeated:
            _meet(plan, row, row if keep else waiting[key])
            del waiting[key]
        # Room that a killed run made is no row of anybody.
        elif not repeated and (
            keep and any(cell != "" for cell in row) if whole else keep or key not in gone
        ):
            plan.rows.append(row)
        else:
            _depart(plan, place, row, repeated, apart)
    plan.new = len(waiting)
    more = range(len(plan.rows), len(plan.rows) + len(waiting))
    plan.sent += more
    plan.touched += more
    plan.rows += waiting.values()
    for row in waiting.values():
        plan.note("new", row)
    ordered = _ordered(op, plan.rows, sent)
    plan.order = None if ordered == sorted(ordered) else ordered
    return plan


def _ordered(op: Mapping[str, Any], rows: Sequence[Row], sent: Sequence[Row]) -> list[int]:
    """The places of the rows as they are going to stand."""
    if "order" in op:
        by = Order(op["order"]["column"], op["order"]["descending"])
        return places_in_order(rows, by)
    if "together" in op:
        ranks = {_key(row, op["key_columns"]): rank for rank, row in enumerate(sent)}
        return places_together(
            [_key(row, op["together"]) for row in rows],
            [ranks.get(_key(row, op["key_columns"])) for row in rows],
            sent_last=bool(op.get("keep")),
        )
    return []


def _meet(plan: Plan, row: Row, sent: Row) -> None:
    """A row that was there and was sent; where rows are kept, it is sent as it was."""
    if not plan.op.get("keep"):
        plan.sent.append(len(plan.rows))
    if canonical([row]) != canonical([sent]):
        plan.touched.append(len(plan.rows))
        plan.changed += 1
        plan.note("changed", sent, row)
    plan.rows.append(sent)


def _depart(
    plan: Plan, place: int, row: Row, repeated: bool, beside: Callable[[], set[int]]
) -> None:
    """A row that is no more: it goes, or stays with a mark."""
    mark, removed = plan.op.get("mark"), plan.op.get("removed")
    is_left = removed is not None and _key(row, removed["columns"]) not in plan.gone
    all_stay = mark and not mark["beside"] and not is_left
    if mark and not repeated and (all_stay or place in beside()):
        plan.marked += 1
        if row[mark["column"]] == "":  # the first mark stays
            row[mark["column"]] = mark["text"]
            plan.touched.append(len(plan.rows))
            plan.note("marked", row)
        plan.rows.append(row)
        return
    plan.removed.append(place)
    plan.left += is_left
    plan.note("left" if is_left else "removed", row)


def plan_of(book: Book) -> Plan:
    if not isinstance(book.plan, Plan):
        raise Stopped("other_run", OTHER_RUN)
    return book.plan


def receipt_of_rows(key: str, rows: Sequence[Sequence[Cell]]) -> dict[str, Any]:
    """The digest that a receipt keeps of rows whose digest nobody sent."""
    digest = Digest(key)
    for first in range(0, len(rows), CHUNK):
        part = rows[first : first + CHUNK]
        digest.add(canonical(part), len(part))
    return digest.as_json(with_key=False)


@dataclass(frozen=True, slots=True)
class Compared:
    """What `expect` on "patched" found: nothing in `what` where all is right."""

    seen: dict[str, Any]
    what: list[tuple[str, str]]


def compared(plan: Plan, op: Mapping[str, Any], rows: list[Row]) -> Compared:
    """Read back: every row that was laid, in whatever order."""
    key = plan.op["key_columns"]
    laid = {_key(row, key): canonical([row]) for row in plan.rows}
    found = {_key(row, key): canonical([row]) for row in rows}
    sent = {_key(plan.rows[place], key) for place in plan.sent}
    mine = [row for row in rows if _key(row, key) in sent]
    what = []
    if len(found) != len(rows) or ("rows" in op and op["rows"] != len(rows)):
        wanted = op.get("rows", len(rows))
        what.append(("distinct", f"{len(found)} different ids instead of {wanted}"))
    for one in op["sums"]:
        mine_too = str(column_sum(mine, one["column"], one["scale"]))
        if one["sum"] is not None and mine_too != one["sum"]:
            what.append(("sum", f"the total of column {one['column'] + 1}"))
    if laid != found or len(rows) != len(plan.rows):
        what.append(("digest", "some cells"))
    seen = {
        "rows": len(rows),
        "distinct": len(found),
        "sums": [str(column_sum(rows, one["column"], one["scale"])) for one in op["sums"]],
        "digest": laid == found and len(rows) == len(plan.rows),
        "new": plan.new,
        "changed": plan.changed,
        "removed": len(plan.removed) - plan.left,
        "marked": plan.marked,
        **({"left": plan.left} if "removed" in plan.op else {}),
        **({"closed": plan.closed} if "closed" in plan.op else {}),
        **({"news": listed(plan)} if "labels" in plan.op else {}),
    }
    if "currency" in op:
        told = _by_currency(op, rows)
        seen["by_currency"] = told
        plan.totals = _totals_told(op, told)
    return Compared(seen, what)


def _by_currency(op: Mapping[str, Any], rows: list[Row]) -> list[dict[str, str]]:
    """Each of the sums, by the currency of the rows."""
    found = []
    for sum, currency in zip(op["sums"], op["currency"], strict=True):
        of: dict[str, list[Row]] = {}
        for row in rows:
            cell = "" if currency["column"] is None else str(row[currency["column"]])
            of.setdefault(cell or currency["home"], []).append(row)
        column, scale = sum["column"], sum["scale"]
        found.append({name: str(column_sum(some, column, scale)) for name, some in of.items()})
    return found


def _totals_told(op: Mapping[str, Any], by_currency: list[dict[str, str]]) -> list[str]:
    """ "Total 12,345.60 USD", of each of the sums that has a title of ours."""
    titled = [(op["titles"][each["column"]], each["scale"]) for each in op["sums"]]
    return [
        f"{title} {Decimal(sums[currency]).scaleb(-scale):,f} {currency}".strip()
        for (title, scale), sums in zip(titled, by_currency, strict=True)
        if title is not None
        for currency in sorted(sums)
    ]


def listed(plan: Plan) -> list[list[str]]:
    """What became of the first few rows: a word, and the cells by which people know the row."""
    labels = plan.op["labels"]
    ranked = sorted(plan.news, key=lambda each: NEWS.index(each[0]))
    return [[what, *(str(row[at]) for at in labels)] for what, row in ranked[:MOST_LISTED]]


def told(plan: Plan) -> list[list[str]]:
    """The same for the log tab, below how many there are of each; nothing where nothing changed."""
    counts = {
        "new": plan.new,
        "changed": plan.changed,
        "removed": len(plan.removed) - plan.left,
        "left": plan.left,
        "marked": plan.marked,
        "closed": plan.closed,
    }
    return told_rows(counts, listed(plan), len(plan.news)) if plan.news else []


def _lacks_key(op: Mapping[str, Any], places: Sequence[int | None]) -> bool:
    return any(places[column] is None for column in op["key_columns"])


def _must_fit(book: Book, op: Mapping[str, Any], old: Old, places: Sequence[int | None]) -> None:
    receipt = old.receipt or {}
    if _lacks_key(op, places) and not (old.replace and op["departed"] == "others"):
        where = cell_name(book, block_of(book).at(0, 0, 1, 1))
        raise Stopped("no_key", NO_KEY.format(cell=where), cell=where)
    if op["departed"] == "others":
        return
    known = receipt.get("run") in (op["base"], op["run"]) and receipt.get("state") == "done"
    if not known or receipt.get("keys") != "".join(old.keys):
        raise Stopped("other_run", OTHER_RUN)


def _places(book: Book, old: Old, header: int) -> list[int | None]:
    """Where each column to come is in the old block; None for one that is new."""
    was = dict(book.lay.was)
    if (old.receipt or {}).get("state") != "done" and 0 < header <= len(old.cells):
        # The run that died may have changed the columns, or not yet: their titles tell.
        shown = old.cells[header - 1]
        titled = zip(old.keys, old.titles, strict=True)
        was |= {key: shown.index(title) for key, title in titled if title in shown}
    return [was.get(key) for key in old.keys]


def _key(row: Sequence[Cell], columns: Sequence[int]) -> str:
    return canonical([[row[column] for column in columns]])


def _twice(book: Book, row: int) -> Stopped:
    where = cell_name(book, block_of(book).at(row, 0, 1, 1))
    return Stopped("not_distinct", NOT_DISTINCT.format(cell=where), cell=where)
