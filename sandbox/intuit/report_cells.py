"""The pieces of a report's JSON: columns, cells, lines and sections. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.intuit.periods import Period
from sandbox.intuit.store import Row

Cell = dict[str, str]
Value = str | Decimal | date | None


@dataclass(frozen=True, slots=True)
class DetailColumn:
    """A column of a report of transactions: QuickBooks' key, its title, and what it holds."""

    key: str
    title: str
    type: str = "String"  # String, Date, Boolean or Money

    @property
    def is_amount(self) -> bool:
        return self.type == "Money"


def detail_columns(columns: Iterable[DetailColumn], *, typed: bool) -> list[Row]:
    """With `typed`, the type and the key apart, as in lists of transactions; otherwise the key
    stands where the type does, and nothing else is said.
    """
    if not typed:
        return [{"ColTitle": each.title, "ColType": each.key} for each in columns]
    return [
        {
            "ColTitle": each.title,
            "ColType": each.type,
            "MetaData": [{"Name": "ColKey", "Value": each.key}],
        }
        for each in columns
    ]


def plain_columns(first_type: str, titles: Sequence[str]) -> list[Row]:
    """A column of names, then columns of amounts."""
    return [
        {"ColTitle": "", "ColType": first_type},
        *({"ColTitle": title, "ColType": "Money"} for title in titles),
    ]


def period_column(period: Period) -> Row:
    days = (
        {"Name": "StartDate", "Value": period.start.isoformat()},
        {"Name": "EndDate", "Value": period.end.isoformat()},
    )
    return money_column(period.title, period.title, *days)


def money_column(title: str, key: str, *days: Mapping[str, str]) -> Row:
    about = [*days, {"Name": "ColKey", "Value": key}]
    return {"ColTitle": title, "ColType": "Money", "MetaData": about}


def cell(value: Value, id: str | None = None) -> Cell:
    """As QuickBooks writes it: two places for an amount, nothing for None."""
    if isinstance(value, Decimal):
        shown = f"{value + 0:.2f}"  # adding zero turns "-0.00" into "0.00"
    else:
        shown = "" if value is None else str(value)
    return {"value": shown} if id is None else {"value": shown, "id": id}


def cells(label: str, id: str | None, amounts: Iterable[Decimal | None]) -> list[Cell]:
    return [cell(label, id), *map(cell, amounts)]


def data(found: list[Cell], *, typed: bool = True, **more: str) -> Row:
    """A line; flat summary reports leave its type out."""
    return {"ColData": found, **({"type": "Data"} if typed else {}), **more}


def section(
    head: list[Cell] | None, rows: Sequence[Row] | None, total: list[Cell] | None, **more: str
) -> Row:
    made: dict[str, Any] = {}
    if head is not None:
        made["Header"] = {"ColData": head}
    if rows is not None:
        made["Rows"] = {"Row": list(rows)} if rows else {}
    if total is not None:
        made["Summary"] = {"ColData": total}
    return {**made, "type": "Section", **more}


def grand_total(total: list[Cell]) -> Row:
    return section(None, None, total, group="GrandTotal")
