"""A report as the Reports service writes it since its migration of 2026. Pure.

Titles in Title Case, zero as nothing, lines and sections in any order, children below their
parents, "-Split-" as nothing; date, type and number on every line of a transaction; a hundred days
at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sandbox.intuit.report_nesting import Tree, nested
from sandbox.intuit.store import Row

_ZERO = re.compile(r"-?0*\.?0+")
_SHOUTED = re.compile(r"[A-Z][A-Z &,/()-]+")


MOST_DAYS = 100
FOLLOWING = "0-00-00"
_REPEATED = ("tx_date", "txn_type", "doc_num")


def migrated(report: Mapping[str, Any], tree: Tree) -> Row:
    """`tree` is that of the records which it lists."""
    report = _capped(report)
    rows = nested(report["Rows"], tree)
    keys = list(map(_key, report["Columns"]["Column"]))
    if all(key in keys for key in _REPEATED):
        rows = _repeated(rows, [keys.index(key) for key in _REPEATED], {})
    return {**report, "Rows": _rows(rows)}


def _capped(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """No more than a hundred days have columns; what is in the others stands in one."""
    columns = report["Columns"]["Column"]
    days = [at for at, each in enumerate(columns) if "StartDate" in str(each.get("MetaData"))]
    if report["Header"].get("SummarizeColumnsBy") != "Days" or len(days) <= MOST_DAYS:
        return report
    first, last = days[MOST_DAYS], days[-1]

    def cells(row: list[dict[str, str]]) -> list[dict[str, str]]:
        others = [Decimal(each["value"]) for each in row[first : last + 1] if each["value"]]
        shown = f"{sum(others):.2f}" if others else ""
        return [*row[:first], {"value": shown}, *row[last + 1 :]]

    others = {**columns[last], "ColTitle": "Others"}
    others["MetaData"] = [{"Name": "ColKey", "Value": "Others"}]
    capped = [*columns[:first], others, *columns[last + 1 :]]
    rows = _mapped(report["Rows"], cells)
    return {**report, "Columns": {"Column": capped}, "Rows": rows}


def _mapped(
    rows: Mapping[str, Any], cells: Callable[[list[dict[str, str]]], list[dict[str, str]]]
) -> Row:
    """With all of its lines so."""
    if "Row" not in rows:
        return dict(rows)
    made = []
    for row in rows["Row"]:
        found = dict(row)
        for part in ("Header", "Summary"):
            if part in found:
                found[part] = {"ColData": cells(found[part]["ColData"])}
        if "ColData" in found:
            found["ColData"] = cells(found["ColData"])
        if "Rows" in found:
            found["Rows"] = _mapped(found["Rows"], cells)
        made.append(found)
    return {"Row": made}


def _key(column: Mapping[str, Any]) -> str:
    told = {each["Name"]: each["Value"] for each in column.get("MetaData", ())}
    return str(told.get("ColKey", column.get("ColType", "")))


def _repeated(rows: Mapping[str, Any], places: list[int], firsts: dict[str, Row]) -> Row:
    """With what the first line of a transaction says, which is known by its id, in the others."""
    found = []
    for row in rows.get("Row", ()):
        made = dict(row)
        if "Rows" in row:
            made["Rows"] = _repeated(row["Rows"], places, firsts)
        cells = row.get("ColData", ())
        id = cells[places[1]].get("id") if cells else None
        if id and cells[places[0]]["value"] != FOLLOWING:
            firsts.setdefault(id, row)
        elif id in firsts:
            first = firsts[id]["ColData"]
            made["ColData"] = [
                {**cell, "value": first[at]["value"]} if at in places else cell
                for at, cell in enumerate(cells)
            ]
        found.append(made)
    return {**rows, "Row": found} if "Row" in rows else dict(rows)


def _rows(rows: Mapping[str, Any]) -> Row:
    if "Row" not in rows:
        return dict(rows)
    made = [_row(row) for row in rows["Row"]]
    # Order is not promised: lines and sections come backwards, each in the places of their like;
    # what has no name of its own (the total of the lines above it) stays where it is.
    for alike in (_is_line, _is_section):
        turned = reversed([row for row in made if alike(row)])
        made = [next(turned) if alike(row) else row for row in made]
    return {"Row": made}


def _is_line(row: Mapping[str, Any]) -> bool:
    return row.get("type") == "Data" and "id" in row["ColData"][0]


def _is_section(row: Mapping[str, Any]) -> bool:
    """One that is known by its group or id."""
    cells = row.get("Header", {}).get("ColData") or [{}]
    return row.get("type") == "Section" and bool(row.get("group") or cells[0].get("id"))


def _row(row: Mapping[str, Any]) -> Row:
    found = dict(row)
    for part in ("Header", "Summary"):
        if part in found:
            found[part] = {"ColData": _cells(found[part]["ColData"])}
    if "ColData" in found:
        found["ColData"] = _cells(found["ColData"])
    if "Rows" in found:
        found["Rows"] = _rows(found["Rows"])
    return found


def _cells(cells: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**cell, "value": _value(cell["value"])} for cell in cells]


def _value(text: str) -> str:
    if text == "-Split-" or _ZERO.fullmatch(text):
        return ""
    return text.title() if _SHOUTED.fullmatch(text) else text
