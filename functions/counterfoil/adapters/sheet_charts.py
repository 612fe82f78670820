"""`chart`: our own, from templates, over columns of the block. Made once, found again by its id.

docs/operations.md ("Charts"); the add-on's half is addon/Charts.js.
https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/charts
"""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.adapters.sheet_book import Book, Stopped, block_of, grown
from counterfoil.adapters.sheet_hands import Hands
from counterfoil.adapters.sheet_log import log_tab
from counterfoil.adapters.sheet_requests import Json, Rect, from_grid_range

TYPES = {"bar": "BAR", "column": "COLUMN", "line": "LINE"}
LOOK = (
    "developerMetadata(metadataId,metadataKey,metadataValue),"
    "sheets(properties(sheetId),charts(chartId,spec))"
)
# A range of a chart; None for one that is open at an end, which is not ours.
Ranges = list[Rect | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the spreadsheet's metadata tells of a chart of ours."""

    item: int  # the metadata's id
    text: str
    chart: int | None  # None where it cannot be read
    columns: Sequence[int]  # which of the block's it was set over


def chart(book: Book, block: str, at: int, op: Mapping[str, Any], hands: Hands) -> None:
    """Makes it, or lets it follow the block. Raises Stopped."""
    hands.send(book)
    area = block_of(book)
    rows = area.rows - op["header_rows"]
    if rows < 1:
        return
    columns = [book.lay.of(column + 1)[-1] for column in (op["over"], *op["series"])]
    ours = [area.at(op["header_rows"] - 1, place, rows + 1, 1) for place in columns]
    seen, key = hands.look(LOOK), f"counterfoil:{block}:chart:{op['name']}"
    kept = _kept(seen, key)
    if kept is None or kept.chart is None:
        wanted = _made(book, op, seen, ours, (key, kept, columns))
    else:
        wanted = _followed(area, op, seen, ours, (kept, columns))
    book.pending += [(at, request) for request in wanted]


def _made(
    book: Book,
    op: Mapping[str, Any],
    seen: Json,
    ours: Sequence[Rect],
    signed: tuple[str, Kept | None, Sequence[int]],
) -> Iterator[Json]:
    """A new chart, or one that an add-on's run made that was killed; its id is kept."""
    if op["template"] not in TYPES:
        raise Stopped("unknown_operation", "This writer is older than its server.")
    key, kept, columns = signed
    corner = block_of(book).sized(1, 1)
    if "tab" in op:
        tab, made = log_tab(book, op["tab"])
        yield from made
        corner = Rect(tab.id, 0, 0, 1, 1)
    on_tab = [each for home, each in _charts(seen) if home == corner.sheet_id]
    id = next((each["chartId"] for each in on_tab if _ranges(each["spec"]) == ours), None)
    if id is None:
        yield from grown(book, corner, op["row"] + 1, op["column"] + 1)
        id = 1 + secrets.randbelow(2**31 - 2)
        yield _added(id, op, ours, corner.at(op["row"], op["column"], 1, 1))
    text = _text(id, columns)
    if kept is not None:
        yield _changed(kept, text)
        return
    item = {"metadataKey": key, "metadataValue": text, "visibility": "DOCUMENT"}
    made_item = item | {"location": {"spreadsheet": True}}
    yield {"createDeveloperMetadata": {"developerMetadata": made_item}}


def _followed(
    area: Rect,
    op: Mapping[str, Any],
    seen: Json,
    ours: Sequence[Rect],
    signed: tuple[Kept, Sequence[int]],
) -> Iterator[Json]:
    kept, columns = signed
    spec = next((each["spec"] for _, each in _charts(seen) if each["chartId"] == kept.chart), None)
    if spec is None or kept.chart is None:
        return  # a person deleted it
    now = _ranges(spec)
    then = _next(area, op["header_rows"], kept, now, ours)
    if then != now:
        # All of the spec goes back as it was read, but for its ranges.
        yield {"updateChartSpec": {"chartId": kept.chart, "spec": _over(spec, then)}}
    text = _text(kept.chart, columns)
    if then == ours and kept.text != text:
        yield _changed(kept, text)


def _next(area: Rect, header_rows: int, kept: Kept, now: Ranges, ours: Sequence[Rect]) -> Ranges:
    """Ours, if it still reads the columns that it was set over; where a person chose others,
    these, down to the block's last row.
    """
    here = [
        each.column - area.column
        for each in now
        if each is not None and each.sheet_id == area.sheet_id and each.columns == 1
    ]
    if len(now) == len(here) and here == list(kept.columns):
        return list(ours)
    return [_stretched(area, header_rows, each) for each in now]


def _stretched(area: Rect, header_rows: int, found: Rect | None) -> Rect | None:
    if found is None or found.sheet_id != area.sheet_id:
        return found
    first, at = found.row - area.row, found.column - area.column
    inside = at >= 0 and at + found.columns <= area.columns and 0 <= first < header_rows
    return found.sized(area.rows - first, found.columns) if inside else found


def _added(id: int, op: Mapping[str, Any], ranges: Sequence[Rect], anchor: Rect) -> Json:
    """Titles are plain text to Google: nothing in a spec is evaluated."""
    domain, *series = [{"sourceRange": {"sources": [each.json()]}} for each in ranges]
    basic = {
        "chartType": TYPES[op["template"]],
        "headerCount": 1,
        "legendPosition": "BOTTOM_LEGEND",
        "domains": [{"domain": domain}],
        "series": [{"series": each} for each in series],
    }
    cell = {"sheetId": anchor.sheet_id, "rowIndex": anchor.row, "columnIndex": anchor.column}
    made = {
        "chartId": id,
        "spec": {"title": op["title"], "basicChart": basic},
        "position": {"overlayPosition": {"anchorCell": cell}},
    }
    return {"addChart": {"chart": made}}


def _changed(kept: Kept, text: str) -> Json:
    lookup = {"developerMetadataLookup": {"metadataId": kept.item}}
    changed = {"metadataValue": text}
    asked = {"dataFilters": [lookup], "developerMetadata": changed, "fields": "metadataValue"}
    return {"updateDeveloperMetadata": asked}


def _text(id: int, columns: Sequence[int]) -> str:
    return json.dumps({"chart": id, "columns": list(columns)}, separators=(",", ":"))


def _kept(seen: Json, key: str) -> Kept | None:
    for item in seen.get("developerMetadata", ()):
        if item["metadataKey"] != key:
            continue
        id, text = item["metadataId"], item.get("metadataValue", "")
        try:
            found = json.loads(text)
            return Kept(id, text, int(found["chart"]), [int(at) for at in found["columns"]])
        except (ValueError, TypeError, KeyError):
            return Kept(id, text, None, [])
    return None


def _charts(seen: Json) -> Iterator[tuple[int, Json]]:
    """Each with the tab on which it stands."""
    for sheet in seen["sheets"]:
        for each in sheet.get("charts", ()):
            yield sheet["properties"].get("sheetId", 0), {"spec": {}} | each


def _ranges(spec: Json) -> Ranges:
    """What a chart reads, in the order of domain and series."""
    return [from_grid_range(each) for sources in _sources(spec) for each in sources]


def _over(spec: Json, ranges: Ranges) -> Json:
    made, left = copy.deepcopy(spec), iter(ranges)
    for sources in _sources(made):
        new = [next(left) for _ in sources]
        sources[:] = [n.json() if n else old for n, old in zip(new, sources, strict=True)]
    return made


def _sources(value: Any) -> Iterator[list[Json]]:
    """Whatever kind of chart a person has made of it."""
    if isinstance(value, list):
        for each in value:
            yield from _sources(each)
    elif isinstance(value, dict):
        if "sourceRange" in value:
            yield value["sourceRange"].get("sources", [])
        for name in sorted(value.keys() - {"sourceRange"}):
            yield from _sources(value[name])
