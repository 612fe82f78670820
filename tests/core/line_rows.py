"""Transactions made by hand, and the rows of their lines."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from counterfoil import catalog
from counterfoil.core.datasets import LineChoice
from counterfoil.core.line_pages import plain_line_page
from counterfoil.core.pages import Page

DATA = pathlib.Path(__file__).parents[1] / "data" / "quickbooks"
ZONE = ZoneInfo("America/New_York")


def page_of(key: str, records: Sequence[Any], keys: Sequence[str], **choice: Any) -> Page:
    entity = catalog.entity(key)
    lines = LineChoice(**choice)
    columns = catalog.chosen_columns(entity, ["row_id", *keys], lines)
    answer = {"QueryResponse": {entity.entity: list(records)}}
    return plain_line_page(answer, entity, columns, ZONE, lines)


def own(key: str) -> list[Any]:
    answer = json.loads((DATA / f"{key}.json").read_text(), parse_float=Decimal)
    found: list[Any] = answer["QueryResponse"][catalog.entity(key).entity]
    return found


def sale(id: str, amount: str, **more: Any) -> dict[str, Any]:
    return {
        "Id": id,
        "Amount": Decimal(amount),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": id, "name": f"Item {id}"}},
        **more,
    }


def subtotal(amount: str) -> dict[str, Any]:
    return {"Amount": Decimal(amount), "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}


def discount(amount: str) -> dict[str, Any]:
    return {"Id": "9", "Amount": Decimal(amount), "DetailType": "DiscountLineDetail"}


def bundle(amount: str, *parts: dict[str, Any]) -> dict[str, Any]:
    detail = {"GroupItemRef": {"value": "24", "name": "Garden set"}, "Line": list(parts)}
    return {
        "Id": "1",
        "Amount": Decimal(amount),
        "DetailType": "GroupLineDetail",
        "GroupLineDetail": detail,
    }


def invoice(*lines: dict[str, Any], total: str = "0", **more: Any) -> dict[str, Any]:
    return {"Id": "7", "TotalAmt": Decimal(total), "Line": list(lines), **more}
