"""A report's parameters as a person chose them, checked against the catalog's entry. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from counterfoil.core.datasets import Parameter, ParameterType, Report
from counterfoil.core.dates import ordered, parsed
from counterfoil.core.errors import BadRequest
from counterfoil.core.periods import fiscal_year_start
from counterfoil.core.readings import tell

# Ids pass 2^53, so they are texts of digits; as many as a URL of 8 kB takes.
_IDS = re.compile(r"\d{1,20}(?:,\d{1,20}){0,249}", re.ASCII)
_LONGEST_TEXT = 200

# Keys of columns that hold amounts. Where only such are asked for, totals come with one cell more
# than there are columns.
_AMOUNT = re.compile(r"(?:^|_)(?:amount|amt|bal|rate|quantity|value|qty_on_hand)$")


def chosen_parameters(
    report: Report, given: Mapping[str, str | None], *, elsewhere: Collection[str] = ()
) -> dict[str, str]:
    """The report's parameters as QuickBooks takes them; what was left out is left out. What is
    given `elsewhere` is not missing.

    Raises BadRequest for an unknown parameter, a value it does not take, a missing one.
    """
    known = {parameter.key: parameter for parameter in report.parameters}
    for key, parameter in known.items():
        tell(f"parameters.{key}", _schema(parameter))
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
        if parameter.required and parameter.key not in (*chosen, *elsewhere):
            raise BadRequest(f'{report.title} needs "{parameter.title}".', parameter=parameter.key)
    for key in chosen:
        other = key.replace("start_", "end_", 1)
        if key.startswith("start_") and other in chosen:
            ordered(parsed(chosen[key]), parsed(chosen[other]))
    return chosen


def sent_parameters(
    report: Report, chosen: Mapping[str, str], fiscal_month: int = 1
) -> dict[str, str]:
    """The chosen parameters, with both dates that QuickBooks needs to heed either.

    The balances of a state are those of its last day whatever the first, which only decides where
    columns by period begin: with the fiscal year that the day lies in, unless one was chosen.
    Columns begin with one of texts, so that every row has as many cells as there are columns.
    """
    sent = dict(chosen)
    if report.as_of == "end_date" and "start_date" not in chosen:
        first = fiscal_year_start(parsed(chosen["end_date"]), fiscal_month)
        sent = {"start_date": first.isoformat(), **sent}
    columns = sent.get("columns", "").split(",")
    if _AMOUNT.search(columns[0]):
        offered = next(each for each in report.parameters if each.key == "columns").choices
        sent["columns"] = ",".join([offered[0], *(each for each in columns if each != offered[0])])
    return sent


def _schema(parameter: Parameter) -> Mapping[str, Any]:
    """What `_value` takes, or nothing at all."""
    match parameter.type:
        case ParameterType.DATE | ParameterType.DAY:
            return {"type": ["string", "null"], "format": "date"}
        case ParameterType.CHOICE:
            return {"enum": [*parameter.choices, None]}
        case ParameterType.CHOICES:
            one = "|".join(map(re.escape, parameter.choices))
            return {"type": ["string", "null"], "pattern": f"^({one})(,({one}))*$"}
        case ParameterType.IDS:
            return {"type": ["string", "null"], "pattern": f"^{_IDS.pattern}$"}
        case ParameterType.NUMBER:
            return {"type": ["string", "null"], "pattern": "^[1-9][0-9]*$"}
        case ParameterType.TEXT:
            return {"type": ["string", "null"], "maxLength": _LONGEST_TEXT}


def _value(parameter: Parameter, value: str) -> str:
    match parameter.type:
        case ParameterType.DATE | ParameterType.DAY:
            return parsed(value).isoformat()
        case ParameterType.CHOICE:
            return _one_of(parameter, value)
        case ParameterType.CHOICES:
            parts = [_one_of(parameter, part.strip()) for part in value.split(",")]
            if len(set(parts)) != len(parts):
                raise _refused(parameter, "names one of its values twice. Leave one out.")
            return ",".join(parts)
        case ParameterType.IDS:
            ids = value.replace(" ", "")
            if not _IDS.fullmatch(ids):
                raise _refused(parameter, "takes ids of QuickBooks, with commas between them.")
            return ids
        case ParameterType.NUMBER:
            if not (value.isascii() and value.isdecimal() and 1 <= int(value) <= parameter.most):
                raise _refused(parameter, f"takes a whole number from 1 to {parameter.most:,}.")
            return str(int(value))
        case ParameterType.TEXT:
            if len(value) > _LONGEST_TEXT or not value.isprintable():
                raise _refused(parameter, f"takes up to {_LONGEST_TEXT} characters in one line.")
            return value


def _one_of(parameter: Parameter, value: str) -> str:
    if value not in parameter.choices:
        raise _refused(parameter, f"takes {', '.join(parameter.choices)}.")
    return value


def _refused(parameter: Parameter, what: str) -> BadRequest:
    return BadRequest(f'"{parameter.title}" {what}', parameter=parameter.key)
