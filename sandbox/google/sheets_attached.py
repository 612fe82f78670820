"""Filters, merged cells, protections, charts and the like in the words of the Sheets API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.google import attached, pasting
from sandbox.google.a1 import Rect
from sandbox.google.attached import Attached, overlap
from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
from sandbox.google.pasting import within
from sandbox.google.sheets_fields import only, paths, sort_orders
from sandbox.google.sheets_json import grid_range, must_tab, tab_and_rect
from sandbox.google.tab import Tab

Json = dict[str, Any]


def of_sheet(workbook: Workbook, tab: Tab) -> Json:
    """The fields of a Sheet that hold what people put on its cells."""
    made: Json = {}
    for item in workbook.attached.of(tab.sheet_id):
        if item.rect is None:
            continue
        place = grid_range(tab.sheet_id, item.rect)
        match item.kind:
            case attached.FILTER:
                made["basicFilter"] = {"range": place} | _filter_json(item)
            case attached.MERGE:
                made.setdefault("merges", []).append(place)
            case attached.PROTECTION:
                made.setdefault("protectedRanges", []).append(_protected_json(item))
            case attached.CONDITIONAL:
                rule = {"ranges": [place]} | item.detail.get("rule", {})
                made.setdefault("conditionalFormats", []).append(rule)
            case attached.CHART:
                spec = item.detail.get("spec", {})
                made.setdefault("charts", []).append({"chartId": item.id, "spec": spec})
    return made


def _filter_json(item: Attached) -> Json:
    criteria = {
        str((item.rect.column if item.rect else 0) + int(at)): {"hiddenValues": list(texts)}
        for at, texts in item.detail.get("hidden", {}).items()
    }
    sort = item.detail.get("sort")
    return ({"criteria": criteria} if criteria else {}) | ({"sortSpecs": sort} if sort else {})


def _protected_json(item: Attached) -> Json:
    detail = item.detail
    rect = None if detail.get("whole") else item.rect
    made: Json = {"protectedRangeId": item.id, "range": grid_range(item.sheet_id, rect)}
    if detail.get("description"):
        made["description"] = detail["description"]
    if detail.get("warning"):
        return made | {"warningOnly": True, "requestingUserCanEdit": True}
    if detail.get("open"):
        open_ = [grid_range(item.sheet_id, Rect(*each)) for each in detail["open"]]
        made["unprotectedRanges"] = open_
    if detail.get("may_edit"):
        made["requestingUserCanEdit"] = True
    return made | ({"editors": detail["editors"]} if detail.get("editors") else {})


def _set_filter(workbook: Workbook, asked: Json) -> Json:
    """The tab's one filter, in the place of the one that was there; it sorts first."""
    given = asked.get("filter", {})
    only(given, "range", "criteria", "filterSpecs", "sortSpecs")
    tab, rect = tab_and_rect(workbook, given.get("range", {}))
    criteria = {int(column): one for column, one in given.get("criteria", {}).items()}
    for spec in given.get("filterSpecs", []):
        only(spec, "columnIndex", "filterCriteria")
        criteria[spec.get("columnIndex", 0)] = spec.get("filterCriteria", {})
    hidden = {}
    for column, one in criteria.items():
        only(one, "hiddenValues")
        if not rect.column <= column < rect.end_column:
            raise GridError(f"Column {column} is outside of the filter's range.")
        hidden[str(column - rect.column)] = one.get("hiddenValues", [])
    for item in workbook.attached.of(tab.sheet_id, attached.FILTER):
        workbook.attached.remove(item.id)
    sort = given.get("sortSpecs", [])
    if sort:
        body = Rect(rect.row + 1, rect.column, max(0, rect.rows - 1), rect.columns)
        pasting.sort(tab, body, sort_orders(sort))
    detail = {"hidden": hidden} if hidden else {}
    workbook.attached.add(attached.FILTER, tab, rect, **detail | ({"sort": sort} if sort else {}))
    return {}


def _clear_filter(workbook: Workbook, asked: Json) -> Json:
    tab = must_tab(workbook, asked.get("sheetId", 0))
    for item in workbook.attached.of(tab.sheet_id, attached.FILTER):
        workbook.attached.remove(item.id)
    return {}


def _merge(workbook: Workbook, asked: Json) -> Json:
    tab, rect = tab_and_rect(workbook, asked.get("range", {}))
    workbook.attached.check_unprotected(tab, rect)
    _unmerge(workbook, asked)
    match asked.get("mergeType", "MERGE_ALL"):
        case "MERGE_COLUMNS":
            parts = [Rect(rect.row, rect.column + c, rect.rows, 1) for c in range(rect.columns)]
        case "MERGE_ROWS":
            parts = [Rect(rect.row + r, rect.column, 1, rect.columns) for r in range(rect.rows)]
        case _:
            parts = [rect]
    for part in parts:
        if part.rows * part.columns > 1:
            workbook.attached.add(attached.MERGE, tab, part)
    return {}


def _unmerge(workbook: Workbook, asked: Json) -> Json:
    tab, rect = tab_and_rect(workbook, asked.get("range", {}))
    for item in workbook.attached.of(tab.sheet_id, attached.MERGE):
        if item.rect and overlap(item.rect, rect):
            if not within(item.rect, rect):
                raise GridError(
                    "You must select all cells in a merged range to merge or unmerge them."
                )
            workbook.attached.remove(item.id)
    return {}


_PROTECTED_FIELDS = (
    "protectedRangeId",
    "range",
    "description",
    "warningOnly",
    "requestingUserCanEdit",
    "editors",
)


def _protect(workbook: Workbook, asked: Json) -> Json:
    """Who protects a range may always edit it: that is the one who calls."""
    given = asked.get("protectedRange", {})
    only(given, *_PROTECTED_FIELDS)
    if "protectedRangeId" in given:
        raise GridError("The sandbox chooses the ids of protected ranges itself.")
    tab, rect = tab_and_rect(workbook, given.get("range", {}))
    item = workbook.attached.add(attached.PROTECTION, tab, rect, **_protection(given))
    return {"addProtectedRange": {"protectedRange": _protected_json(item)}}


def _protection(given: Json) -> Json:
    if given.get("warningOnly") and given.get("editors"):
        raise GridError("A range that is protected with a warning only cannot have editors.")
    detail: Json = {
        "warning": given.get("warningOnly", False),
        "editors": given.get("editors", {}),
        "description": given.get("description", ""),
        "whole": set(given.get("range", {})) <= {"sheetId"},
        "may_edit": True,
    }
    return {name: value for name, value in detail.items() if value}


def _change_protection(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("protectedRange", {})
    item = _must_protected(workbook, given.get("protectedRangeId", 0))
    changed = {"range": grid_range(item.sheet_id, item.rect)} | _protected_json(item)
    names = {path[0] for path in paths(asked, "ProtectedRange", given, _PROTECTED_FIELDS)}
    only(dict.fromkeys(names), *_PROTECTED_FIELDS)
    for name in names:
        changed.pop(name, None)
        changed |= {name: given[name]} if name in given else {}
    tab, rect = tab_and_rect(workbook, changed.get("range", {}))
    detail = _protection(changed)
    workbook.attached.change(item.id, sheet_id=tab.sheet_id, rect=rect, detail=detail)
    return {}


def _unprotect(workbook: Workbook, asked: Json) -> Json:
    workbook.attached.remove(_must_protected(workbook, asked.get("protectedRangeId", 0)).id)
    return {}


def _must_protected(workbook: Workbook, id: int) -> Attached:
    for tab in workbook.tabs:
        for item in workbook.attached.of(tab.sheet_id, attached.PROTECTION):
            if item.id == id:
                return item
    raise GridError(f"No protected range with id: {id}")


def _conditional(workbook: Workbook, asked: Json) -> Json:
    rule = dict(asked.get("rule", {}))
    ranges = rule.pop("ranges", [])
    if len(ranges) != 1:
        raise GridError("The sandbox keeps conditional formats of one range only.")
    tab, rect = tab_and_rect(workbook, ranges[0])
    workbook.attached.add(attached.CONDITIONAL, tab, rect, rule=rule)
    return {}


def _insert_range(workbook: Workbook, asked: Json) -> Json:
    if asked.get("shiftDimension") != "ROWS":
        raise GridError("The sandbox shifts cells down only.")
    tab, rect = tab_and_rect(workbook, asked.get("range", {}))
    workbook.attached.check_unprotected(tab, rect)
    tab.insert_cells(rect)
    return {}


REQUESTS: dict[str, Callable[[Workbook, Json], Json]] = {
    "setBasicFilter": _set_filter,
    "clearBasicFilter": _clear_filter,
    "mergeCells": _merge,
    "unmergeCells": _unmerge,
    "addProtectedRange": _protect,
    "updateProtectedRange": _change_protection,
    "deleteProtectedRange": _unprotect,
    "addConditionalFormatRule": _conditional,
    "insertRange": _insert_range,
}
