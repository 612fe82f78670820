"""Developer metadata over the Sheets API: on a tab or on the whole spreadsheet."""

from __future__ import annotations

from typing import Any

from sandbox.google import masks
from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError
from sandbox.google.grid import Metadata, Workbook
from sandbox.google.sheets_json import metadata_json
from sandbox.google.tab import Tab

Json = dict[str, Any]


def create(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("developerMetadata", {})
    item = workbook.add_metadata(
        given.get("metadataKey", ""),
        given.get("metadataValue", ""),
        visibility=_visibility(given),
        sheet_id=_location(given.get("location", {})),
        id=given.get("metadataId"),
    )
    return {"createDeveloperMetadata": {"developerMetadata": metadata_json(item)}}


def update(workbook: Workbook, asked: Json) -> Json:
    given = asked.get("developerMetadata", {})
    changes: dict[str, str | int | None] = {}
    for path in masks.leaves(masks.parse(asked.get("fields", ""), "DeveloperMetadata")):
        match path[0]:
            case "metadataKey":
                changes["key"] = given.get("metadataKey", "")
            case "metadataValue":
                changes["value"] = given.get("metadataValue", "")
            case "visibility":
                changes["visibility"] = _visibility(given)
            case "location":
                changes["sheet_id"] = _location(given.get("location", {}))
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
        found += [m for m in workbook.metadata.values() if m not in found and _fits(m, lookup)]
    return found


def _fits(item: Metadata, lookup: Json) -> bool:
    kind = "SPREADSHEET" if item.sheet_id is None else "SHEET"
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
                fits = kind == wanted
            case "metadataLocation":
                fits = item.sheet_id == _location(wanted)
            case "locationMatchingStrategy":
                fits = True  # tabs and spreadsheets have nothing that they intersect
            case _:
                raise GridError(f"The sandbox does not look up by {name}.")
        if not fits:
            return False
    return True


def place(workbook: Workbook, item: Metadata) -> tuple[Tab, Rect] | None:
    """The cells that it is on; None for the whole spreadsheet."""
    tab = None if item.sheet_id is None else workbook.tab_by_id(item.sheet_id)
    return None if tab is None else (tab, Rect(0, 0, *tab.size))


def _location(given: Json) -> int | None:
    """The tab's id, or None for the spreadsheet."""
    if given.get("spreadsheet") is True:
        return None
    if set(given) - {"locationType"} == {"sheetId"}:
        return int(given["sheetId"])
    raise GridError("The sandbox keeps developer metadata of sheets and of the spreadsheet only.")


def _visibility(given: Json) -> str:
    visibility: str = given.get("visibility", "DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED")
    if visibility not in ("DOCUMENT", "PROJECT"):
        raise GridError("Developer metadata visibility must be specified.")
    return visibility
