"""Filters, merged cells, protections, charts and the like in the words of the Sheets API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.google import attached
from sandbox.google.attached import Attached, overlap
from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
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
                made["basicFilter"] = {"range": place} | _hidden_values(item)
            case attached.MERGE:
                made.setdefault("merges", []).append(place)
            case attached.PROTECTION:
                warning = bool(item.detail.get("warning"))
                one = {"protectedRangeId": item.id, "range": place, "warningOnly": warning}
                may = {"requestingUserCanEdit": True} if warning else {}
                made.setdefault("protectedRanges", []).append(one | may)
            case attached.CONDITIONAL:
                rule = {"ranges": [place]} | item.detail.get("rule", {})
                made.setdefault("conditionalFormats", []).append(rule)
            case attached.CHART:
                spec = item.detail.get("spec", {})
                made.setdefault("charts", []).append({"chartId": item.id, "spec": spec})
    return made


def _hidden_values(item: Attached) -> Json:
    criteria = {
        str((item.rect.column if item.rect else 0) + int(at)): {"hiddenValues": list(texts)}
        for at, texts in item.detail.get("hidden", {}).items()
    }
    return {"criteria": criteria} if criteria else {}


def _set_filter(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("filter", {})
    tab, rect = tab_and_rect(workbook, given.get("range", {}))
    for item in workbook.attached.of(tab.sheet_id, attached.FILTER):
        workbook.attached.remove(item.id)
    hidden = {
        str(int(column) - rect.column): criteria.get("hiddenValues", [])
        for column, criteria in given.get("criteria", {}).items()
    }
    detail = {"hidden": hidden} if hidden else {}
    workbook.attached.add(attached.FILTER, tab, rect, **detail)
    return {}


def _clear_filter(workbook: Workbook, asked: Json) -> Json:
    tab = must_tab(workbook, asked.get("sheetId", 0))
    for item in workbook.attached.of(tab.sheet_id, attached.FILTER):
        workbook.attached.remove(item.id)
    return {}


def _merge(workbook: Workbook, asked: Json) -> Json:
    if asked.get("mergeType", "MERGE_ALL") != "MERGE_ALL":
        raise GridError("The sandbox merges whole ranges only.")
    tab, rect = tab_and_rect(workbook, asked.get("range", {}))
    workbook.attached.add(attached.MERGE, tab, rect)
    return {}


def _unmerge(workbook: Workbook, asked: Json) -> Json:
    tab, rect = tab_and_rect(workbook, asked.get("range", {}))
    for item in workbook.attached.of(tab.sheet_id, attached.MERGE):
        if item.rect and overlap(item.rect, rect):
            workbook.attached.remove(item.id)
    return {}


def _protect(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("protectedRange", {})
    tab, rect = tab_and_rect(workbook, given.get("range", {}))
    detail = {"warning": True} if given.get("warningOnly") else {}
    item = workbook.attached.add(attached.PROTECTION, tab, rect, **detail)
    return {"addProtectedRange": {"protectedRange": given | {"protectedRangeId": item.id}}}


def _unprotect(workbook: Workbook, asked: Json) -> Json:
    workbook.attached.remove(asked.get("protectedRangeId", 0))
    return {}


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
    "deleteProtectedRange": _unprotect,
    "addConditionalFormatRule": _conditional,
    "insertRange": _insert_range,
}
