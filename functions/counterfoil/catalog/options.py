"""What a person chose for an export, checked against the catalog's entry. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from counterfoil.core.datasets import Column, Entity
from counterfoil.core.dates import ordered, parsed
from counterfoil.core.errors import BadRequest


def chosen_columns(entity: Entity, keys: Sequence[str] | None) -> tuple[Column, ...]:
    """The columns to export in the order chosen, Id always first; None means the defaults.

    Raises BadRequest for a column that the dataset does not have, or one chosen twice.
    """
    if keys is None:
        return tuple(column for column in entity.columns if column.default)
    known = {column.key: column for column in entity.columns}
    if unknown := [key for key in keys if key not in known]:
        raise BadRequest(
            f"{entity.title} have no column of that name. Choose the columns again.",
            unknown=len(unknown),
        )
    if len(set(keys)) != len(keys):
        raise BadRequest("A column was chosen twice. Choose the columns again.")
    id_column = entity.columns[0]
    return (id_column, *(known[key] for key in keys if key != id_column.key))


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
