"""Choices that move from run to run: ranges of days by their name, and values in cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from counterfoil.core import periods
from counterfoil.core.datasets import Entity, ParameterType, Report
from counterfoil.core.dates import parsed
from counterfoil.core.errors import BadRequest, CellsNeeded
from counterfoil.core.occasions import REFERENCE, Occasion, bad_cell, reference
from counterfoil.core.periods import Days
from counterfoil.core.readings import tell
from counterfoil.core.report_cuts import SUMS
from counterfoil.flows.all_dates import ALL, days_of_all
from counterfoil.flows.filtering import cells_of as filter_cells
from counterfoil.flows.ranges import NAMES, days_between

BASIS = "accounting_method"
_YEAR = "this_fiscal_year"
_FIRST, _LAST = "start_date", "end_date"
_ENDS = ("from", "to")
_SLOTS = (*_ENDS, "basis", "company")
_DATES = {"anyOf": [*NAMES, {"type": "null"}]}
_CELLS = {
    "type": ["object", "null"],
    "properties": {
        slot: {"type": ["string", "null"], "pattern": f"^{REFERENCE.pattern}$"} for slot in _SLOTS
    },
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Moving:
    """`range` is a name of `core.periods`; `cells` say where "from", "to", "basis" and "company"
    stand.
    """

    range: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.range or self.cells)

    @property
    def has_days(self) -> bool:
        return bool(self.range) or any(end in self.cells for end in _ENDS)

    @property
    def day_cell(self) -> str | None:
        """Where a day of the range stands: the last, where both do."""
        return self.cells.get("to") or self.cells.get("from")

    @property
    def kept(self) -> dict[str, Any]:
        """As it stands among the options of an exporter."""
        return {
            **({"dates": self.range} if self.range else {}),
            **({"cells": dict(self.cells)} if self.cells else {}),
        }


def moving(dataset: Entity | Report, options: Mapping[str, Any]) -> Moving:
    """What of the options moves. Raises BadRequest."""
    found = Moving(_range(options), _cells(dataset, options))
    if not found.has_days and _is_months_of_a_year(dataset, options):
        # So that a formula over December finds it in January.
        found = replace(found, range=_YEAR)
    if not found.has_days:
        return found
    _, last = _keys(dataset)
    if last is None:
        raise BadRequest(f"{dataset.title} cannot be filtered by date. Leave the dates out.")
    if found.range and any(end in found.cells for end in _ENDS):
        raise BadRequest("Choose a range of dates or cells with dates, not both.", option="dates")
    fixed = options if isinstance(dataset, Entity) else options.get("parameters") or {}
    chosen = [
        end for end in _keys(dataset) if end and isinstance(fixed, Mapping) and fixed.get(end)
    ]
    taken = [key for key in chosen if found.range or _end(dataset, key) in found.cells]
    if taken:
        raise BadRequest("Choose fixed dates or dates that move, not both.", option="dates")
    return found


def _is_months_of_a_year(dataset: Entity | Report, options: Mapping[str, Any]) -> bool:
    """Whether month columns are asked for and no days: then they cover the fiscal year."""
    parameters = options.get("parameters")
    if not isinstance(dataset, Report) or not isinstance(parameters, Mapping):
        return False
    fixed = any(parameters.get(key) for key in _keys(dataset) if key)
    return parameters.get("summarize_column_by") == "Month" and not fixed


def settled(
    dataset: Entity | Report, options: Mapping[str, Any], move: Moving, occasion: Occasion
) -> Mapping[str, Any]:
    """The options with the days and values of this occasion. Raises BadRequest."""
    found: dict[str, str] = {}
    first, last = _keys(dataset)
    start, end = _days(dataset, options, move, occasion)
    if isinstance(dataset, Report) and move.range == ALL:
        start, end = days_of_all(dataset, options, occasion.day)
    for key, day in ((first, start), (last, end)):
        if key and day:
            found[key] = day.isoformat()
    if isinstance(dataset, Report) and "basis" in move.cells:
        found[BASIS] = _basis(dataset, move.cells["basis"], occasion)
    fixed = {key: value for key, value in options.items() if key not in ("dates", "cells")}
    if isinstance(dataset, Entity):
        return {**fixed, **found}
    parameters = options.get("parameters") or {}
    if not isinstance(parameters, Mapping):
        return fixed  # which is then refused for what it is
    if start and _begins_columns(dataset, parameters, (start, end), occasion.fiscal_month):
        found[_FIRST] = start.isoformat()
    return {**fixed, "parameters": {**parameters, **found}}


def _begins_columns(
    report: Report, parameters: Mapping[str, Any], days: Days, fiscal_month: int
) -> bool:
    """Whether a state's columns by period begin with the range: by day always, as a fiscal year
    has more days than there are columns; by others where it begins before its day's fiscal year.
    """
    start, end = days
    by = parameters.get("summarize_column_by") or "Total"
    if (
        start is None
        or end is None
        or not isinstance(by, str)
        or by in SUMS
        or parameters.get(_FIRST)
    ):
        return False
    takes = report.as_of == _LAST and any(each.key == _FIRST for each in report.parameters)
    return takes and (by == "Days" or start < periods.fiscal_year_start(end, fiscal_month))


def unsettled(
    dataset: Entity | Report, kept: Mapping[str, Any], move: Moving, given: Mapping[str, Any]
) -> dict[str, Any]:
    """What an exporter keeps: names and cells, and nothing of what they meant once."""
    if not move:
        return dict(kept)
    if isinstance(dataset, Entity):
        days = {end: kept[end] if given.get(end) else None for end in _ENDS}
        return {**kept, **(days if move.has_days else {}), **move.kept}
    named = given.get("parameters") or {}
    parameters = {key: value for key, value in kept["parameters"].items() if key in named}
    return {**kept, "parameters": parameters, **move.kept}


def cells_of(kept: Mapping[str, Any]) -> list[str]:
    """Every cell that the options of an exporter name, each once."""
    own = (kept.get("cells") or {}).values()
    return list(dict.fromkeys([*own, *filter_cells(kept.get("filters"))]))


def given_cells(
    kept: Mapping[str, Any], cells: Mapping[str, str | None]
) -> Mapping[str, str | None]:
    """Those that the options name. Raises CellsNeeded when one was not sent along."""
    named = cells_of(kept)
    if any(cell not in cells for cell in named):
        raise CellsNeeded(
            "This export reads cells of the spreadsheet. Please reload the sidebar, and run it "
            "again.",
            cells="\n".join(named),
        )
    return {cell: cells[cell] for cell in named}


def words(range: str) -> str:
    """ "last_fiscal_quarter" for people: "Last fiscal quarter"."""
    return range.replace("_", " ").capitalize() if range != ALL else "All dates"


def _days(
    dataset: Entity | Report, options: Mapping[str, Any], move: Moving, occasion: Occasion
) -> Days:
    """Of a range, or of cells with what is written of the other end."""
    if move.range:
        return occasion.days(move.range)
    if not move.has_days:
        return None, None
    start, end = (
        move.cells.get(slot) or _written(dataset, options, key)
        for slot, key in zip(_ENDS, _written_keys(dataset), strict=True)
    )
    return days_between(start, end, occasion)


def _written(dataset: Entity | Report, options: Mapping[str, Any], key: str | None) -> date | None:
    fixed = options if isinstance(dataset, Entity) else options.get("parameters")
    text = fixed.get(key) if key and isinstance(fixed, Mapping) else None
    # What is no text is refused where the options are read.
    return parsed(text) if text and isinstance(text, str) else None


def _written_keys(dataset: Entity | Report) -> tuple[str | None, str | None]:
    """As `_keys`; of a state also the day with which its columns by period begin."""
    first, last = _keys(dataset)
    return (_FIRST if last == _LAST else first), last


def _basis(report: Report, cell: str, occasion: Occasion) -> str:
    offered = next(each.choices for each in report.parameters if each.key == BASIS)
    text = occasion.text(cell, offered[0])
    for each in offered:
        if each.casefold() == text.casefold():
            return each
    raise bad_cell(cell, f"must hold {' or '.join(offered)}.")


def _keys(dataset: Entity | Report) -> tuple[str | None, str | None]:
    """What the first and the last day are called; None where there is none."""
    if isinstance(dataset, Entity):
        return ("from", "to") if dataset.date_path else (None, None)
    if dataset.as_of:
        return None, dataset.as_of
    dates = [each.key for each in dataset.parameters if each.type is ParameterType.DATE]
    return (_FIRST, _LAST) if _LAST in dates else (None, None)


def _end(dataset: Entity | Report, key: str) -> str:
    return "from" if key == _keys(dataset)[0] else "to"


def _range(options: Mapping[str, Any]) -> str:
    tell("dates", _DATES)
    name = options.get("dates")
    if name is None:
        return ""
    if not isinstance(name, str) or not periods.is_range(name):
        raise BadRequest("There is no such range of dates. Choose the dates again.", option="dates")
    return name


def _cells(dataset: Entity | Report, options: Mapping[str, Any]) -> Mapping[str, str]:
    tell("cells", _CELLS)
    given = options.get("cells")
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not given.keys() <= set(_SLOTS):
        raise BadRequest(f'"cells" names the cells for {", ".join(_SLOTS)}.', option="cells")
    has_basis = isinstance(dataset, Report) and any(p.key == BASIS for p in dataset.parameters)
    if "basis" in given and not has_basis:
        raise BadRequest(f"{dataset.title} has no accounting basis to choose.", option="cells")
    if "from" in given and _keys(dataset)[0] is None:
        raise BadRequest(f"{dataset.title} has no first day to choose.", option="cells")
    return {slot: reference(given[slot]) for slot in _SLOTS if given.get(slot) is not None}
