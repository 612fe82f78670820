"""A report as the Reports service writes it since its migration of 2026. Pure.

Titles in Title Case, zero as nothing, rows of a section in any order, "-Split-" as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.intuit.store import Row

_ZERO = re.compile(r"-?0*\.?0+")
_SHOUTED = re.compile(r"[A-Z][A-Z &,/()-]+")


def migrated(report: Mapping[str, Any]) -> Row:
    return {**report, "Rows": _rows(report["Rows"])}


def _rows(rows: Mapping[str, Any]) -> Row:
    if "Row" not in rows:
        return dict(rows)
    made = [_row(row) for row in rows["Row"]]
    # Order is not promised: accounts come backwards, totals stay where a reader expects them.
    leaves = [row for row in made if row.get("type") == "Data" and "id" in row["ColData"][0]]
    turned = iter(reversed(leaves))
    return {"Row": [next(turned) if row in leaves else row for row in made]}


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
