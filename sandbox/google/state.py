"""A spreadsheet as plain, comparable data, and back: what the shared test vectors speak.

Described in tests/data/operations/README.md. Ids are left out: no two writers make the same.
"""

from __future__ import annotations

import json
from typing import Any

from sandbox.google import a1, charts
from sandbox.google.a1 import Rect
from sandbox.google.attached import Attached
from sandbox.google.cells import CellError
from sandbox.google.charts import Chart
from sandbox.google.grid import Workbook
from sandbox.google.tab import Tab

Json = dict[str, Any]

_SIZE = [1000, 26]


def grid_state(workbook: Workbook) -> Json:
    """Everything that operations can change; what is empty or as in a new tab is left out."""
    with workbook.lock:
        state: Json = {"tabs": [_tab_state(tab) for tab in workbook.tabs]}
        names = {n.name: _place(workbook, n.sheet_id, n.rect) for n in _sorted_names(workbook)}
        if names:
            state["names"] = names
        titles = {tab.sheet_id: tab.title for tab in workbook.tabs}
        numbers = {chart.id: i for i, chart in enumerate(workbook.charts.all())}
        metadata = [
            {
                "tab": titles[item.sheet_id] if item.sheet_id is not None else None,
                "key": item.key,
                "value": _numbered(_parsed(item.value), numbers),
                "visibility": item.visibility,
            }
            for item in workbook.find_metadata()
        ]
        attached = [_attached_state(tab, a) for tab in workbook.tabs for a in _attached(tab)]
        if attached:
            state["attached"] = attached
        if numbers:
            state["charts"] = [_chart_state(titles, chart) for chart in workbook.charts.all()]
        if metadata:
            state["metadata"] = sorted(metadata, key=lambda m: (str(m["tab"]), str(m["key"])))
        return state


def workbook_of(state: Json, **settings: Any) -> Workbook:
    """A spreadsheet in that state; `settings` as Workbook takes them (id, time_zone, …)."""
    workbook = Workbook(**settings)
    first, *others = state["tabs"]
    workbook.rename_tab(workbook.tabs[0], first["title"])
    for other in others:
        workbook.add_tab(other["title"])
    for tab, told in zip(workbook.tabs, state["tabs"], strict=True):
        _fill(tab, told)
    for tab, told in zip(workbook.tabs, state["tabs"], strict=True):
        _look(tab, told)
        if told.get("hidden"):
            workbook.hide_tab(tab)
    for item in state.get("attached", ()):
        home = workbook.tab(item["tab"])
        if home is None:
            raise ValueError(f"no tab {item['tab']}")
        rect = _cell(home, item["range"])
        workbook.attached.add(item["kind"], home, rect, **item.get("detail", {}))
    ids = [_add_chart(workbook, told).id for told in state.get("charts", ())]
    for name, place in state.get("names", {}).items():
        reference = a1.parse(place)
        home = workbook.tab(reference.title or "") if reference else None
        if reference is None or home is None:
            raise ValueError(f"{name} is no range: {place}")
        workbook.name_range(name, home.sheet_id, reference.within(*home.size))
    for item in state.get("metadata", ()):
        home = workbook.tab(item["tab"]) if item["tab"] is not None else None
        text = item["value"]
        if not isinstance(text, str):
            if "chart" in text:
                text = text | {"chart": ids[text["chart"]] if text["chart"] is not None else 1}
            text = json.dumps(text, ensure_ascii=False, separators=(",", ":"))
        workbook.add_metadata(
            item["key"],
            text,
            visibility=item["visibility"],
            sheet_id=home.sheet_id if home else None,
        )
    return workbook


def _tab_state(tab: Tab) -> Json:
    values: dict[tuple[int, int], Any] = {}
    patterns: dict[tuple[int, int], Any] = {}
    bold, aligned, notes = [], {}, {}
    for row, column, cell in tab.cells():
        value = tab.value(row, column)
        shown = value.text if isinstance(value, CellError) else value
        values[row, column] = {"formula": cell.formula, "value": shown} if cell.formula else shown
        patterns[row, column] = cell.look.pattern
        if cell.look.bold:
            bold.append(Rect(row, column).a1())
        if cell.look.align:
            aligned[Rect(row, column).a1()] = cell.look.align.lower()
        if cell.note:
            notes[Rect(row, column).a1()] = cell.note
    parts: Json = {
        "hidden": tab.hidden,
        "size": [] if list(tab.size) == _SIZE else list(tab.size),
        "frozen": tab.frozen_rows,
        "frozen_columns": tab.frozen_columns,
        "hidden_rows": sorted(row + 1 for row in tab.hidden_rows),
        "hidden_columns": [a1.letters(column) for column in sorted(tab.hidden_columns)],
        "widths": {a1.letters(column): pixels for column, pixels in sorted(tab.widths.items())},
        "values": _matrix(values),
        "patterns": _matrix(patterns),
        "bold": bold,
        "aligned": aligned,
        "notes": notes,
    }
    return {"title": tab.title} | {name: part for name, part in parts.items() if part}


def _attached(tab: Tab) -> list[Attached]:
    return list(tab.workbook.attached.of(tab.sheet_id))


def _attached_state(tab: Tab, item: Attached) -> Json:
    made: Json = {
        "tab": tab.title,
        "kind": item.kind,
        "range": item.rect.a1() if item.rect else None,
    }
    return made | ({"detail": item.detail} if item.detail else {})


def _chart_state(titles: dict[int, str], chart: Chart) -> Json:
    """Its ranges as texts: `Tab!A1:A9`."""
    ranges = [f"{a1.quoted(titles[id])}!{rect.a1()}" for id, rect in charts.places(chart.spec)]
    made = {"tab": titles[chart.sheet_id], "at": Rect(*chart.anchor).a1(), "ranges": ranges}
    return made | {"spec": charts.mapped(chart.spec, lambda _: None)}


def _add_chart(workbook: Workbook, told: Json) -> Chart:
    """One range in each place of the spec for one."""
    home = workbook.tab(told["tab"])
    if home is None:
        raise ValueError(f"no tab {told['tab']}")
    ranges = []
    for text in told["ranges"]:
        reference = a1.parse(text)
        tab = workbook.tab(reference.title or "") if reference else None
        if reference is None or tab is None:
            raise ValueError(f"a chart reads no range: {text}")
        ranges.append((tab.sheet_id, reference.within(*tab.size)))
    at = _cell(home, told["at"])
    spec = charts.filled(told["spec"], ranges)
    made = Chart(workbook.new_id(), home.sheet_id, (at.row, at.column), spec)
    return workbook.charts.add(made)


def _numbered(value: Any, charts_by_id: dict[int, int]) -> Any:
    """A chart that is kept by its id, by its place in the state; null when it is gone."""
    if not isinstance(value, dict) or "chart" not in value:
        return value
    return value | {"chart": charts_by_id.get(value["chart"])}


def _matrix(cells: dict[tuple[int, int], Any]) -> list[list[Any]]:
    """Rows as short as they can be: blanks at the ends are left out."""
    rows: list[list[Any]] = []
    for (row, column), value in sorted(cells.items(), key=lambda item: item[0]):
        if value == "" and not isinstance(value, bool):
            continue
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column - len(rows[row])) + [value]
    return rows


def _fill(tab: Tab, told: Json) -> None:
    rows, columns = told.get("size", _SIZE)
    if rows < tab.row_count:
        tab.delete_rows(rows, tab.row_count - rows)
    if columns < tab.column_count:
        tab.delete_columns(columns, tab.column_count - columns)
    if rows > tab.row_count:
        tab.append_rows(rows - tab.row_count)
    if columns > tab.column_count:
        tab.append_columns(columns - tab.column_count)
    for row, line in enumerate(told.get("values", ())):
        for column, value in enumerate(line):
            if isinstance(value, dict):
                tab.set_formula(row, column, value["formula"])
            elif value != "":
                tab.write(row, column, [[value]])


def _look(tab: Tab, told: Json) -> None:
    for row, line in enumerate(told.get("patterns", ())):
        for column, pattern in enumerate(line):
            if pattern:
                tab.look(Rect(row, column), pattern=pattern)
    for place in told.get("bold", ()):
        tab.look(_cell(tab, place), bold=True)
    for place, side in told.get("aligned", {}).items():
        tab.look(_cell(tab, place), align=side.upper())
    for place, text in told.get("notes", {}).items():
        cell = _cell(tab, place)
        tab.note(cell.row, cell.column, text)
    for column, pixels in told.get("widths", {}).items():
        tab.set_width(a1.number(column), pixels)
    tab.hide(
        rows=[row - 1 for row in told.get("hidden_rows", ())],
        columns=[a1.number(column) for column in told.get("hidden_columns", ())],
    )
    tab.freeze(rows=told.get("frozen", 0), columns=told.get("frozen_columns", 0))


def _cell(tab: Tab, place: str) -> Rect:
    reference = a1.parse(place)
    if reference is None:
        raise ValueError(f"no cell: {place}")
    return reference.within(*tab.size)


def _sorted_names(workbook: Workbook) -> list[Any]:
    return sorted(workbook.named_ranges.values(), key=lambda named: named.name)


def _place(workbook: Workbook, sheet_id: int, rect: Rect | None) -> str | None:
    tab = workbook.tab_by_id(sheet_id)
    return f"{a1.quoted(tab.title)}!{rect.a1()}" if tab and rect else None


def _parsed(text: str) -> Any:
    """Receipts are JSON: they are compared as what they say."""
    return json.loads(text) if text.startswith("{") else text
