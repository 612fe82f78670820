"""What an export would bring and cost, before it is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.core import paging, query
from counterfoil.core.errors import ExportTooLarge
from counterfoil.core.pages import count_of
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.pace import in_a_minute
from counterfoil.flows.ports import Company

HEADER_ROWS = 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """`calls` of QuickBooks, about; `rows` and `columns` None where only the answer will tell."""

    calls: int
    rows: int | None = None
    columns: int | None = None

    def as_json(self) -> dict[str, int | None]:
        cells = None
        if self.rows is not None and self.columns is not None:
            cells = (self.rows + HEADER_ROWS) * self.columns
        return {"calls": self.calls, "rows": self.rows, "columns": self.columns, "cells": cells}


def of_entity(
    company: Company, choice: EntityChoice, *, max_cells: int, in_order: int, page: int
) -> Estimate:
    """From one COUNT. Raises ExportTooLarge as the run would, QuickBooksBusy also where this
    company's calls must wait.
    """
    with in_a_minute():
        body = company.query(query.count(choice.entity.query_name, choice.where))
    rows = count_of(body)
    calls = paging.calls(rows, page)
    if not choice.local:  # of those fewer may match
        check_size(choice, rows, max_cells, in_order)
    if choice.lines or choice.local:  # how many rows they make is not known before they are read
        return Estimate(calls)
    return Estimate(calls, min(rows, choice.first or rows), len(choice.columns))


def added(found: Sequence[Estimate], choice: EntityChoice) -> Estimate:
    """Of a table of several companies."""
    rows = [each.rows for each in found if each.rows is not None]
    calls = sum(each.calls for each in found)
    if len(rows) < len(found):
        return Estimate(calls)
    most = choice.first or sum(rows)
    return Estimate(calls, min(sum(rows), most), len(choice.columns))


def check_size(choice: EntityChoice, rows: int, most: int, in_order: int) -> None:
    """Raises ExportTooLarge for more cells than one export may have, or one whose rows are put in
    order.
    """
    if choice.order is None:
        check_cells(choice, rows, most)
    elif choice.first is None and (rows + HEADER_ROWS) * len(choice.columns) > in_order:
        width = len(choice.columns)
        raise ExportTooLarge(
            f"{choice.entity.title} would be {rows:,} rows of {width} columns. Put in order, one "
            f"export may have {in_order:,} cells: choose only the first rows, narrow the dates, "
            "leave columns out, or leave the rows in QuickBooks' order.",
            rows=rows,
            columns=width,
            cells=(rows + HEADER_ROWS) * width,
            most=in_order,
        )


def check_cells(choice: EntityChoice, rows: int, most: int) -> None:
    """Raises ExportTooLarge for more cells than one export may have."""
    width = len(choice.columns)
    cells = (rows + HEADER_ROWS) * width
    if cells > most:
        raise ExportTooLarge(
            f"{choice.entity.title} would be {rows:,} rows of {width} columns, "
            f"{cells:,} cells; one export may have {most:,}. "
            "Narrow the dates or leave columns out.",
            rows=rows,
            columns=width,
            cells=cells,
            most=most,
        )
