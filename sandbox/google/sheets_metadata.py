"""Developer metadata over the Sheets API: on a row, a column, a tab or the spreadsheet."""

from __future__ import annotations

from typing import Any

from sandbox.google import masks
from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
from sandbox.google.metadata import Line, Metadata
from sandbox.google.sheets_json import dimension_span, location_type, metadata_json
from sandbox.google.tab import Tab

Json = dict[str, Any]


def create(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("developerMetadata", {})
    sheet_id, line = _location(workbook, given.get("location", {}))
    item = workbook.add_metadata(
        given.get("metadataKey", ""),
        given.get("metadataValue", ""),
        visibility=_visibility(given),
        sheet_id=sheet_id,
        line=line,
        id=given.get("metadataId"),
    )
    return {"createDeveloperMetadata": {"developerMetadata": metadata_json(item)}}


def update(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("developerMetadata", {})
    changes: dict[str, str | int | Line | None] = {}
    for path in masks.leaves(masks.parse(asked.get("fields", ""), "DeveloperMetadata")):
        match path[0]:
            case "metadataKey":
                changes["key"] = given.get("metadataKey", "")
            case "metadataValue":
                changes["value"] = given.get("metadataValue", "")
            case "visibility":
                changes["visibility"] = _visibility(given)
            case "location":
                location = _location(workbook, given.get("location", {}))
                changes["sheet_id"], changes["line"] = location
            case name:
                raise GridError(f"The sandbox cannot update {name}.")
    found = matching(workbook, asked.get("dataFilters", []))
    changed = [workbook.change_metadata(item.id, **changes) for item in found]
    return {"updateDeveloperMetadata": {"developerMetadata": [metadata_json(m) for m in changed]}}


def delete(workbook: Workbook, asked: Json) -> Json:
    found = matching(workbook, [asked.get("dataFilter", {})])
    for item in found:
        workbook.remove_metadata(item.id)
    gone = [metadata_json(item) for item in found]
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": gone} if gone else {}}


def matching(workbook: Workbook, filters: list[Json]) -> list[Metadata]:
    """What any of the data filters finds, oldest first."""
    if not filters:
        raise GridError("At least one data filter must be given.")
    found: list[Metadata] = []
    for data_filter in filters:
        if list(data_filter) != ["developerMetadataLookup"]:
            raise GridError("The sandbox finds developer metadata by developerMetadataLookup only.")
        lookup = data_filter["developerMetadataLookup"]
        if not lookup:
            raise GridError("The lookup names nothing.")
        found += [
            m for m in workbook.metadata.values() if m not in found and _fits(workbook, m, lookup)
        ]
    return found


def _fits(workbook: Workbook, item: Metadata, lookup: Json) -> bool:
    exact = lookup.get("locationMatchingStrategy") == "EXACT_LOCATION"
    if "locationMatchingStrategy" in lookup and "metadataLocation" not in lookup:
        raise GridError("locationMatchingStrategy needs a metadataLocation.")
    for name, wanted in lookup.items():
        match name:
            case "metadataId":
                fits = item.id == wanted
            case "metadataKey":
                fits = item.key == wanted
            case "metadataValue":
                fits = item.value == wanted
            case "visibility":
                fits = item.visibility == wanted
            case "locationType":
                fits = location_type(item) == wanted
            case "metadataLocation":
                where = _location(workbook, wanted)
                same = (item.sheet_id, item.line) == where
                fits = same or not (exact or _apart(item, *where))
            case "locationMatchingStrategy":
                fits = True  # said above
            case _:
                raise GridError(f"The sandbox does not look up by {name}.")
        if not fits:
            return False
    return True


def place(workbook: Workbook, item: Metadata) -> tuple[Tab, Rect] | None:
    """The cells that it is on; None for the whole spreadsheet."""
    tab = None if item.sheet_id is None else workbook.tab_by_id(item.sheet_id)
    if tab is None:
        return None
    if item.line is None:
        return tab, Rect(0, 0, *tab.size)
    rows = item.line.axis == "ROWS"
    at = item.line.at
    return tab, Rect(at, 0, 1, tab.column_count) if rows else Rect(0, at, tab.row_count, 1)


def _apart(item: Metadata, sheet_id: int | None, line: Line | None) -> bool:
    """Whether no cell is of both. The spreadsheet itself intersects nothing."""
    if sheet_id is None or item.sheet_id != sheet_id:
        return True
    both = line is not None and item.line is not None and line.axis == item.line.axis
    return both and line != item.line


def _location(workbook: Workbook, given: Json) -> tuple[int | None, Line | None]:
    """(the tab's id or None for the spreadsheet, its row or column or None for all of it)."""
    parts = set(given) - {"locationType"}
    if parts == {"spreadsheet"} and given["spreadsheet"] is True:
        return None, None
    if parts == {"sheetId"}:
        return int(given["sheetId"]), None
    if parts != {"dimensionRange"}:
        raise GridError("Exactly one location of developer metadata must be given.")
    tab, axis, start, count = dimension_span(workbook, given["dimensionRange"])
    if count != 1:
        raise GridError("Developer metadata is on one row or column, or on a sheet.")
    tab.check_inside(Rect(start, 0) if axis == "ROWS" else Rect(0, start))
    return tab.sheet_id, Line(axis, start)


def _visibility(given: Json) -> str:
    visibility: str = given.get("visibility", "DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED")
    if visibility not in ("DOCUMENT", "PROJECT"):
        raise GridError("Developer metadata visibility must be specified.")
    return visibility
