"""Children below their parents, as the Reports service has them since its migration of 2026. Pure.

A line whose customer or account has others below it becomes a section: its own amounts in the head,
the others inside, the sum of all below. One of transactions keeps the total of its own lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.intuit.entries import account_labels
from sandbox.intuit.store import Row, Store

KINDS = {
    "TrialBalance": "Account",
    "ProfitAndLossDetail": "Account",
    "CustomerSales": "Customer",
    "CustomerIncome": "Customer",
    "CustomerBalance": "Customer",
    "CustomerBalanceDetail": "Customer",
    "AgedReceivables": "Customer",
    "TransactionListByCustomer": "Customer",
}
"""Reports that have them side by side as it was, by what their lines or sections are."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Records that lie below others: the parent of each by id, and how reports call them."""

    parents: Mapping[str, str]
    names: Mapping[str, str]


def tree_of(store: Store, name: str, *, numbered: bool) -> Tree:
    kind = KINDS.get(name)
    if kind is None:
        return Tree({}, {})
    rows = list(store.all(kind))
    parents = {row["Id"]: row["ParentRef"]["value"] for row in rows if row.get("ParentRef")}
    if kind == "Account":
        return Tree(parents, account_labels(rows, numbered))
    return Tree(parents, {row["Id"]: row["DisplayName"] for row in rows})


def nested(rows: Mapping[str, Any], tree: Tree) -> Row:
    """`rows` with children below their parents, which are there for that alone, too."""
    if "Row" not in rows or not tree.parents:
        return dict(rows)
    own = {id: row for row in rows["Row"] if (id := _id(row))}
    for id, row in list(own.items()):
        while (id := tree.parents.get(id, "")) and id not in own:
            own[id] = _bare(row, id, tree.names[id])
    children: dict[str, list[Row]] = {}
    top: list[Row] = []
    known = [id for id in own if id not in {_id(row) for row in rows["Row"]}]
    for row in [*rows["Row"], *(own[id] for id in known)]:
        inner = {**row, "Rows": nested(row["Rows"], tree)} if "Rows" in row else row
        parent = tree.parents.get(_id(row) or "")
        (top if parent is None else children.setdefault(parent, [])).append(inner)
    ends = [row for row in top if not _id(row)]
    return {"Row": [_with_children(row, children) for row in top if _id(row)] + ends}


def _bare(like: Row, id: str, name: str) -> Row:
    """A parent of which nothing is to be told but what lies below it."""

    def cells(found: Sequence[Row], label: Row) -> list[Row]:
        return [label, *({"value": ""} for _ in found[1:])]

    if "ColData" in like:
        return {**like, "ColData": cells(like["ColData"], {"value": name, "id": id})}
    return {
        "Header": {"ColData": cells(like["Header"]["ColData"], {"value": name, "id": id})},
        "Summary": {"ColData": cells(like["Summary"]["ColData"], {"value": f"Total for {name}"})},
        "type": "Section",
    }


def _with_children(row: Row, children: Mapping[str, Sequence[Row]]) -> Row:
    inner = [_with_children(each, children) for each in children.get(_id(row) or "", ())]
    if not inner:
        return row
    if "ColData" in row:
        head = row["ColData"]
        return {
            "Header": {"ColData": head},
            "Rows": {"Row": inner},
            "Summary": {"ColData": _sum(f"Total {head[0]['value']}", head, inner)},
            "type": "Section",
        }
    total = row["Summary"]["ColData"]
    lines = row.get("Rows", {}).get("Row", ())
    words = f"{total[0]['value']} with sub-accounts"
    return {
        **row,
        "Rows": {"Row": [*lines, {"Summary": {"ColData": total}, "type": "Section"}, *inner]},
        "Summary": {"ColData": _sum(words, total, inner)},
    }


def _sum(label: str, own: Sequence[Row], inner: Sequence[Row]) -> list[Row]:
    totals = [own, *((each.get("Summary") or each)["ColData"] for each in inner)]
    cells: list[Row] = [{"value": label}]
    for column in list(zip(*totals, strict=True))[1:]:
        amounts = [Decimal(cell["value"]) for cell in column if cell["value"]]
        cells.append({"value": f"{sum(amounts):.2f}" if amounts else ""})
    return cells


def _id(row: Mapping[str, Any]) -> str | None:
    cells = row.get("ColData") or row.get("Header", {}).get("ColData") or [{}]
    id = cells[0].get("id")
    return str(id) if id else None
