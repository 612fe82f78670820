"""What the page sees of the grid, and what a person types into it."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from sandbox.google.a1 import Rect
from sandbox.google.cells import Cell, GridError
from sandbox.google.entered import Entered, entered
from sandbox.google.grid import Workbook
from sandbox.google.shown import is_moment, shown
from sandbox.google.snapshot import snapshot
from sandbox.google.tab import Tab

GRID_RULES = [
    Rule("/apps-script/grid", endpoint="grid.view", methods=["GET"]),
    Rule("/apps-script/grid/enter", endpoint="grid.enter", methods=["POST"]),
    Rule("/apps-script/grid/tab", endpoint="grid.add_tab", methods=["POST"]),
]


def respond(endpoint: str, request: Request, workbook: Workbook) -> Response:
    """A refusal is 409 with {"error": what Sheets would say}."""
    try:
        match endpoint:
            case "grid.view":
                return _view(request, workbook)
            case "grid.enter":
                return _json(_enter(request.get_json(), workbook))
            case _:
                return _json({"tab": workbook.add_tab(index=request.get_json()["index"]).sheet_id})
    except GridError as refused:
        return _json({"error": str(refused)}, 409)


def _view(request: Request, workbook: Workbook) -> Response:
    """204 when nothing has changed since the version that the page has drawn."""
    args = request.args
    if args.get("since") == str(workbook.version):
        return Response(status=204)
    with workbook.lock:
        wanted = workbook.tab_by_id(int(args.get("tab", -1)))
        tab = wanted if wanted is not None and not wanted.hidden else _first_visible(workbook)
        first, rows = int(args.get("row", 0)), int(args.get("rows", 100))
        seen = snapshot(workbook, tab, first, rows)
        if first > 0 and tab.frozen_rows:
            frozen = snapshot(workbook, tab, 0, min(tab.frozen_rows, first))
            seen["cells"] = frozen["cells"] + seen["cells"]
        for row, column, drawn in seen["cells"]:
            source = _source(tab.cell(row, column))
            if source != drawn["text"]:
                drawn["source"] = source
    return _json(seen)


def _source(cell: Cell) -> str:
    """What the formula bar shows, and what typing it again would enter."""
    pattern = cell.look.pattern
    if cell.formula:
        return cell.formula
    if isinstance(cell.value, str):
        stays = pattern == "@" or entered(cell.value, pattern) == Entered(cell.value)
        return cell.value if stays else "'" + cell.value
    return shown(cell.value, pattern if is_moment(pattern) else "")


def _first_visible(workbook: Workbook) -> Tab:
    return next((tab for tab in workbook.tabs if not tab.hidden), workbook.tabs[0])


def _enter(asked: dict[str, Any], workbook: Workbook) -> dict[str, Any]:
    """Typed or pasted by a person: texts are parsed, as USER_ENTERED. Pasting grows the grid."""
    with workbook.editing():
        tab = workbook.tab_by_id(asked["tab"])
        if tab is None:
            raise GridError("The tab is gone.")
        row, column, texts = asked["row"], asked["column"], asked["texts"]
        if "clear" in asked:
            tab.clear(tab.clipped(Rect(row, column, *asked["clear"])))
            return {}
        rows, columns = row + len(texts), column + max(map(len, texts))
        if rows > tab.row_count:
            tab.append_rows(rows - tab.row_count)
        if columns > tab.column_count:
            tab.append_columns(columns - tab.column_count)
        tab.enter(row, column, texts)
    return {}


def _json(answer: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(answer), status, mimetype="application/json")
