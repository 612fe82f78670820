"""What a person chose for an export, checked against the catalog's entry. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from counterfoil.core.datasets import Column, Entity, Parameter, ParameterType, Report
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


def chosen_parameters(report: Report, given: Mapping[str, str | None]) -> dict[str, str]:
    """The report's parameters as QuickBooks takes them; what was left out is left out.

    Raises BadRequest for an unknown parameter, a value it does not take, a missing one.
    """
    known = {parameter.key: parameter for parameter in report.parameters}
    if unknown := [key for key in given if key not in known]:
        raise BadRequest(
            f"{report.title} has no such parameter. Choose the options again.",
            unknown=len(unknown),
        )
    chosen = {
        key: _value(parameter, given[key] or "")
        for key, parameter in known.items()
        if given.get(key)
    }
    for parameter in report.parameters:
        if parameter.required and parameter.key not in chosen:
            raise BadRequest(f'{report.title} needs "{parameter.title}".', parameter=parameter.key)
    if "start_date" in chosen and "end_date" in chosen:
        ordered(parsed(chosen["start_date"]), parsed(chosen["end_date"]))
    return chosen


def dates_sent(report: Report, chosen: Mapping[str, str]) -> dict[str, str]:
    """The chosen parameters, with both dates that QuickBooks needs to heed either.

    The balances of a state are those of its last day whatever the first, which only decides where
    columns by period begin: on 1 January of that year, as in QuickBooks, unless one was chosen.
    """
    if not report.as_of or "start_date" in chosen:
        return dict(chosen)
    return {"start_date": parsed(chosen["end_date"]).replace(month=1, day=1).isoformat(), **chosen}


def _value(parameter: Parameter, value: str) -> str:
    if parameter.type is ParameterType.DATE:
        return parsed(value).isoformat()
    if value not in parameter.choices:
        raise BadRequest(
            f'"{parameter.title}" takes {", ".join(parameter.choices)}.', parameter=parameter.key
        )
    return value
