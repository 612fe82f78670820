"""What a person chose for an export, checked against the catalog's entry. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from counterfoil.catalog.columns import custom_field
from counterfoil.catalog.line_columns import ROW_ID, lines_of
from counterfoil.core.datasets import Column, Entity, LineChoice, Source
from counterfoil.core.dates import ordered, parsed
from counterfoil.core.errors import BadRequest
from counterfoil.core.readings import tell

# A custom field by the number of its definition, which only the company knows.
_CUSTOM = re.compile(r"(line_)?custom_([0-9]{1,19})", re.ASCII)


def chosen_columns(
    entity: Entity, keys: Sequence[str] | None, lines: LineChoice | None = None
) -> tuple[Column, ...]:
    """The columns to export in the order chosen, the one with the key of each row always first;
    None means the defaults.

    Raises BadRequest for a column that the dataset does not have, or one chosen twice.
    """
    known = {column.key: column for column in columns_of(entity, lines)}
    tell("columns", lambda: _schema(known))
    if keys is None:
        return default_columns(entity, lines)
    found = {key: known.get(key) or _custom(known, key) for key in keys}
    if unknown := [key for key, column in found.items() if column is None]:
        raise BadRequest(
            f"{entity.title} have no column of that name. Choose the columns again.",
            unknown=len(unknown),
        )
    if len(found) != len(keys):
        raise BadRequest("A column was chosen twice. Choose the columns again.")
    first = ROW_ID if lines else entity.columns[0]
    chosen = [column for column in found.values() if column]
    return (first, *(column for column in chosen if column.key != first.key))


def _schema(known: Mapping[str, Column]) -> Mapping[str, Any]:
    key = {"anyOf": [{"enum": list(known)}, {"pattern": f"^{_CUSTOM.pattern}$"}]}
    return {"type": ["array", "null"], "items": key, "minItems": 1, "uniqueItems": True}


def columns_of(entity: Entity, lines: LineChoice | None) -> tuple[Column, ...]:
    """All that can be chosen. Raises BadRequest where there are no lines to have rows."""
    if lines is None:
        return entity.columns
    if entity.lines is None:
        raise BadRequest(f"{entity.title} have no lines. Choose one row for each instead.")
    return (ROW_ID, *entity.columns, *entity.lines.columns)


def default_columns(entity: Entity, lines: LineChoice | None) -> tuple[Column, ...]:
    """What most people want, in the catalog's order."""
    every = columns_of(entity, lines)
    if lines is None or entity.lines is None:
        return tuple(column for column in every if column.default)
    beside = entity.lines.beside
    return tuple(
        column for column in every if (column.default if column.of_line else column.key in beside)
    )


def _custom(known: Mapping[str, Column], key: str) -> Column | None:
    """Of the records, or of the lines, if these have any."""
    found = _CUSTOM.fullmatch(key)
    if found is None:
        return None
    column = custom_field(found[2])
    (column,) = lines_of(column) if found[1] else (column,)
    has_any = any(
        it.source is Source.CUSTOM and it.of_line is column.of_line for it in known.values()
    )
    return column if has_any else None


def chosen_dates(
    entity: Entity, start: str | None, end: str | None
) -> tuple[date | None, date | None]:
    """The range of days, either end open.

    Raises BadRequest for what is no date, for ends that are the wrong way round, and for a
    dataset without a date.
    """
    days = (parsed(start) if start else None, parsed(end) if end else None)
    if any(days) and entity.date_path is None:
        raise BadRequest(f"{entity.title} cannot be filtered by date. Leave the dates out.")
    if days[0] and days[1]:
        ordered(days[0], days[1])
    return days
