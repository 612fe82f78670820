"""The first rows of an export, to be looked at: one call, nothing kept, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from counterfoil.core import query
from counterfoil.core.cells import EPOCH, Cell
from counterfoil.core.custom_fields import FieldNames
from counterfoil.core.custom_types import FieldTypes
from counterfoil.core.datasets import Column, ColumnType
from counterfoil.core.errors import BadRequest, QuickBooksBusy
from counterfoil.core.order import in_order
from counterfoil.core.pages import Page
from counterfoil.flows.choices import EntityChoice
from counterfoil.flows.names import Names
from counterfoil.flows.pace import Waiting
from counterfoil.flows.ports import Company

ROWS = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """`more`: there may be others than these; `note` says what they are not. `looked` is among
    how many of QuickBooks' rows they were looked for, 0 where that was all.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    more: bool
    note: str = ""
    looked: int = 0

    def as_json(self) -> dict[str, Any]:
        shown = {"columns": list(self.columns), "rows": list(self.rows), "more": self.more}
        return {**shown, "note": self.note, "looked": self.looked}


def shown_of(choice: EntityChoice) -> EntityChoice:
    """The choice without secrets of people: those are never in a preview, nor is it in their
    order.
    """
    shown = (it for it in choice.columns if it.key not in choice.added)
    columns = tuple(it for it in shown if not it.sensitive)
    order = choice.order
    if order is not None:
        by = choice.columns[order.column]
        order = None if by.sensitive else replace(order, column=columns.index(by))
    return replace(choice, columns=columns, order=order)


def preview_of(
    company: Company, choice: EntityChoice, read: Callable[[bytes], Page], *, page: int
) -> Preview:
    """From one call; names that QuickBooks sends elsewhere are left blank, and asked for only where
    a filter compares them. With filters that it does not know, or an order, rows are looked for in
    its first page. Raises as a run does.
    """
    size = page if choice.local or choice.order else min(ROWS, page)
    statement = query.select(choice.entity.query_name, choice.where, size=size)
    custom_fields = any("CustomField[" in it.path for it in choice.columns)
    names, types = FieldNames(choice.columns), FieldTypes(choice.columns)
    try:
        sent = types.watched(choice.entity, names.watched(choice.entity, read))(
            company.query(statement, custom_fields=custom_fields)
        )
        rows = Names().matching(sent, company).rows
    except Waiting as waiting:
        raise QuickBooksBusy(
            "QuickBooks asks for a pause just now. Please try again in a minute.",
            wait_s=waiting.wait_s,
        ) from None
    if choice.order:
        rows = in_order(rows, choice.order)[: choice.first]
    is_cut = len(sent.ids) >= size
    return Preview(
        names.titles(),
        [list(map(_shown, row, types.columns())) for row in rows[:ROWS]],
        more=len(rows) > ROWS or is_cut,
        note=_sorted_among(size) if choice.order and is_cut else "",
        looked=len(sent.ids) if is_cut else 0,
    )


def _sorted_among(size: int) -> str:
    return f"Sorted among the first {size:,} that QuickBooks sends."


def of_the_first(preview: Preview, company: str) -> Preview:
    """Where a table is of several companies: one call asks one of them."""
    return replace(preview, more=True, note=f"Of {company} only. {preview.note}".strip())


def only_entities() -> BadRequest:
    return BadRequest("Only lists and transactions have a preview. Export the report instead.")


def _shown(cell: Cell, column: Column) -> str:
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, str):
        return cell
    if column.type is ColumnType.DATE:
        return (EPOCH + timedelta(days=int(cell))).isoformat()
    if column.type is ColumnType.DATETIME:
        at = datetime(EPOCH.year, EPOCH.month, EPOCH.day) + timedelta(days=float(cell))  # noqa: DTZ001  a wall clock
        return f"{at:%Y-%m-%d %H:%M}"
    if column.type is ColumnType.MONEY:
        return f"{cell:,.2f}"
    return str(cell)
