"""Filters as a person chose them, checked against the catalog's entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from counterfoil.catalog.columns import list_of_ref
from counterfoil.catalog.filters import filters_of
from counterfoil.catalog.report_filters import ends, report_filters
from counterfoil.core import periods
from counterfoil.core.datasets import Entity, Report
from counterfoil.core.dates import parsed
from counterfoil.core.errors import BadRequest
from counterfoil.core.filters import Filter, Kind, Test
from counterfoil.core.occasions import REFERENCE, Occasion, bad_cell, reference
from counterfoil.core.query import Op, Scalar
from counterfoil.core.readings import tell
from counterfoil.flows.ranges import NAMES, End, days_between

MOST = 30
_MOST_VALUES = 200
_LONGEST = 200  # characters of a name or a text
_AMOUNT = re.compile(r"-?\d{1,13}(?:\.\d{1,7})?", re.ASCII)
# As people and formulas write it into a cell: "1,250.00", 3.3000000000000003.
_IN_CELL = re.compile(r"-?(?:\d{1,13}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,30})?", re.ASCII)
_FINEST = -7
_ID = re.compile(r"\d{1,20}", re.ASCII)
_BOUNDS = {"from": Op.GE, "to": Op.LE}

Given = Mapping[str, Any]


def chosen_filters(
    dataset: Entity | Report, given: object, occasion: Occasion | None
) -> tuple[tuple[Test, ...], list[dict[str, Any]]]:
    """The tests of this occasion, and the filters as an exporter keeps them.

    Raises BadRequest that names the filter.
    """
    tell("filters", lambda: _schema(_offered(dataset)))
    if given is None or given == []:
        return (), []
    if not isinstance(given, list) or len(given) > MOST:
        raise BadRequest(f"The filters must be a list of up to {MOST}.", option="filters")
    if occasion is None:
        raise ValueError("filters mean nothing without an occasion")
    known = {each.key: each for each in _offered(dataset)}
    tests: list[Test] = []
    kept: list[dict[str, Any]] = []
    for one in given:
        key = one.get("key") if isinstance(one, Mapping) else None
        if not isinstance(key, str) or key not in known:
            raise BadRequest(
                f'There is no such filter of "{dataset.title}". Choose the filters again.'
            )
        found = _READERS[known[key].kind](known[key], _plain(known[key], one), occasion)
        tests += found
        kept.append(dict(one))
    return tuple(tests), kept


def narrowing(
    report: Report, given: object, occasion: Occasion | None
) -> tuple[tuple[tuple[str, Test], ...], dict[str, str], list[dict[str, Any]]]:
    """By parameter what a report is narrowed by, of names; the ids, days and texts that it takes as
    they are; and the filters as an exporter keeps them. Raises BadRequest that names the filter.
    """
    _, kept = chosen_filters(report, given, occasion)
    known = {each.key: each for each in report_filters(report)}
    if len({one["key"] for one in kept}) < len(kept):
        raise BadRequest(
            f"{report.title} is narrowed twice by the same. Make one filter of them; several names "
            "have semicolons between them.",
            option="filters",
        )
    by_name: list[tuple[str, Test]] = []
    taken: dict[str, str] = {}
    for one in kept:
        filter = known[one["key"]]
        for test in chosen_filters(report, [one], occasion)[0]:
            if filter.kind is Kind.DAYS:
                taken[ends(filter)[test.op is Op.LE]] = str(test.value)
            elif test.lists:
                by_name.append((filter.key, test))
            elif isinstance(test.value, tuple):
                taken[filter.key] = ",".join(map(str, test.value))
            else:
                taken[filter.key] = str(test.value)
    return tuple(by_name), taken, kept


def _offered(dataset: Entity | Report) -> tuple[Filter, ...]:
    return report_filters(dataset) if isinstance(dataset, Report) else filters_of(dataset)


def cells_of(filters: object) -> list[str]:
    """Every cell that kept filters name."""
    return [
        one[name]
        for one in (filters if isinstance(filters, list) else ())
        for name in ("cell", "from_cell", "to_cell")
        if name in one
    ]


def _plain(filter: Filter, one: Given) -> Given:
    if not one.keys() <= _PARTS[filter.kind]:
        raise _wrong(filter, "has a part that it does not take. Choose it again")
    for name in ("cell", "from_cell", "to_cell"):
        if name in one:
            reference(one[name])
    if all(value is None for name, value in one.items() if name != "key"):
        raise _wrong(filter, "says nothing. Fill it in, or take it away")
    if len(one.keys() & {"is", "ids", "cell", "contains"}) > 1:
        raise _wrong(filter, "has a value and a cell. Choose one of them")
    return one


def _days(filter: Filter, one: Given, occasion: Occasion) -> list[Test]:
    start, end = _range(filter, one, occasion)
    bounds = [(Op.GE, start), (Op.LE, end)]
    return [Test(filter.paths, op, day, filter.asked) for op, day in bounds if day]


def _moments(filter: Filter, one: Given, occasion: Occasion) -> list[Test]:
    """From the first day's beginning to the end of the last, where the spreadsheet is."""
    start, end = _range(filter, one, occasion)

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), occasion.zone)

    tests = [Test(filter.paths, Op.GE, midnight(start), filter.asked)] if start else []
    if end:
        after = midnight(end + timedelta(days=1))
        tests.append(Test(filter.paths, Op.LT, after, filter.asked))
    return tests


def _range(filter: Filter, one: Given, occasion: Occasion) -> tuple[date | None, date | None]:
    name = one.get("dates")
    if name is not None:
        if len(one) > 2 or not isinstance(name, str) or not periods.is_range(name):
            raise _wrong(filter, "names no range of dates. Choose the dates again")
        return occasion.days(name)
    start, end = (_end(filter, one, end) for end in _BOUNDS)
    return days_between(start, end, occasion)


def _end(filter: Filter, one: Given, end: str) -> End:
    cell, value = one.get(f"{end}_cell"), one.get(end)
    if cell is not None and value is not None:
        raise _wrong(filter, "has a date and a cell. Choose one of them")
    if value is not None and not isinstance(value, str):
        raise _wrong(filter, "takes dates, such as 2026-01-31")
    return cell if value is None else parsed(value)


def _amounts(filter: Filter, one: Given, occasion: Occasion) -> list[Test]:
    written = [_amount(filter, one, end) for end in _BOUNDS]
    # While choices are only checked, a cell is taken to hold the other end, as one of days is.
    sample = next((each for each in written if each is not None), "0")
    tests = []
    for (end, op), value in zip(_BOUNDS.items(), written, strict=True):
        cell = one.get(f"{end}_cell")
        found = value if cell is None else _in_cell(cell, occasion, sample)
        if found is not None:
            tests.append(Test(filter.paths, op, Decimal(found), filter.asked))
    if len(tests) == 2 and Decimal(str(tests[0].value)) > Decimal(str(tests[1].value)):
        cell = one.get("to_cell") or one.get("from_cell")
        raise _wrong(filter, "has a least amount above its greatest. Swap them", cell)
    if len(tests) == 2 and filter.of_lines:
        least, most = tests
        return [replace(least, with_it=most)]
    return tests


def _amount(filter: Filter, one: Given, end: str) -> str | None:
    value = one.get(end)
    if value is None:
        return None
    if f"{end}_cell" in one:
        raise _wrong(filter, "has an amount and a cell. Choose one of them")
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise _wrong(filter, "takes amounts, such as 1250.00")
    return value


def _in_cell(cell: str, occasion: Occasion, sample: str) -> str:
    """The amount in a cell, no finer than amounts are. Raises BadRequest that names the cell."""
    text = occasion.text(cell, sample)
    if not _IN_CELL.fullmatch(text):
        raise bad_cell(cell, "does not hold an amount, such as 1250.00.")
    found = Decimal(text.replace(",", ""))
    exponent = found.as_tuple().exponent
    if isinstance(exponent, int) and exponent < _FINEST:
        found = found.quantize(Decimal(1).scaleb(_FINEST)).normalize()
    return f"{found:f}"


def _names(filter: Filter, one: Given, occasion: Occasion) -> list[Test]:
    if "ids" in one:
        ids = _texts(filter, one["ids"])
        if not all(_ID.fullmatch(str(id)) for id in ids):
            raise _wrong(filter, "takes ids of QuickBooks")
        # Asked for, a reference is its id; in the answers it has a value.
        at = filter.paths if filter.asked else tuple(f"{path}.value" for path in filter.paths)
        return [Test(at, Op.IN, ids, filter.asked)]
    if "cell" in one:
        # Several, with semicolons between them: names hold commas.
        parts = occasion.text(one["cell"], "any").split(";")
        found = _texts(filter, [part.strip() for part in parts if part.strip()], one["cell"])
    else:
        found = _texts(filter, one.get("is"))
    paths = tuple(f"{path}.name" for path in filter.paths)
    return [
        Test(
            paths,
            Op.IN,
            found,
            filter.asked,
            lists=tuple(map(list_of_ref, filter.paths)),
            title=filter.title,
            cell=one.get("cell", ""),
        )
    ]


def _state(filter: Filter, one: Given, occasion: Occasion) -> list[Test]:
    titles = " or ".join(state.title for state in filter.states)
    cell = one.get("cell")
    given = one.get("is") if cell is None else occasion.text(cell, filter.states[0].key)
    wanted = given.casefold() if isinstance(given, str) else None
    for state in filter.states:
        if wanted in (state.key, state.title.casefold()):
            return [test.on(occasion.day) for test in state.tests]
    if cell is not None:
        raise bad_cell(cell, f"must hold {titles}.")
    raise _wrong(filter, f"takes {titles}")


def _text(filter: Filter, one: Given, occasion: Occasion) -> list[Test]:
    cell = one.get("cell")
    given = one.get("contains") if cell is None else occasion.text(cell, "any")
    (found,) = _texts(filter, [given], cell)
    return [Test(filter.paths, Op.LIKE, found, filter.asked)]


def _exact(filter: Filter, one: Given, occasion: Occasion) -> list[Test]:
    cell = one.get("cell")
    given = one.get("is") if cell is None else occasion.text(cell, "any")
    if not isinstance(given, str):
        raise _wrong(filter, "takes one text")
    (found,) = _texts(filter, given, cell)
    return [Test(filter.paths, Op.EQ, found)]


def _texts(filter: Filter, given: object, cell: str | None = None) -> tuple[Scalar, ...]:
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, Sequence) or not 1 <= len(values) <= _MOST_VALUES:
        raise _wrong(filter, f"takes from 1 to {_MOST_VALUES} values", cell)
    for value in values:
        if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST or not value.isprintable():
            raise _wrong(filter, f"takes texts of up to {_LONGEST} characters in one line", cell)
    return tuple(values)


def _wrong(filter: Filter, why: str, cell: str | None = None) -> BadRequest:
    """Names the filter, and the cell where its value came from one."""
    if cell is not None:
        return bad_cell(cell, f"does not fit. The filter “{filter.title}” {why}.")
    return BadRequest(f"The filter “{filter.title}” {why}.", filter=filter.key)


def _schema(offered: Sequence[Filter]) -> Given:
    """Those of a kind take the same parts."""
    kinds = [
        {
            "type": "object",
            "properties": {
                "key": {"enum": [each.key for each in offered if each.kind is kind]},
                **{name: _part(name, kind, offered) for name in sorted(parts - {"key"})},
            },
            "required": ["key"],
            "minProperties": 2,
            "additionalProperties": False,
        }
        for kind, parts in _PARTS.items()
        if any(each.kind is kind for each in offered)
    ]
    return {"type": ["array", "null"], "maxItems": MOST, "items": {"anyOf": kinds}}


def _part(name: str, kind: Kind, offered: Sequence[Filter]) -> Given:
    if name.endswith("cell"):
        return {"type": "string", "pattern": f"^{REFERENCE.pattern}$"}
    if name == "dates":
        return {"anyOf": list(NAMES)}
    if kind is Kind.STATE:
        return {"enum": list(dict.fromkeys(it.key for each in offered for it in each.states))}
    text: Given = {"type": "string", "minLength": 1, "maxLength": _LONGEST}
    if kind is Kind.TEXT:
        return text
    if kind is Kind.NAMES:
        one = {"type": "string", "pattern": f"^{_ID.pattern}$"} if name == "ids" else text
        return {"type": "array", "items": one, "minItems": 1, "maxItems": _MOST_VALUES}
    if kind is Kind.AMOUNT:
        return {"type": "string", "pattern": f"^{_AMOUNT.pattern}$"}
    return {"type": "string", "format": "date"}


_ENDS = frozenset({"key", "from", "to", "from_cell", "to_cell"})
_PARTS: Mapping[Kind, frozenset[str]] = {
    Kind.DAYS: _ENDS | {"dates"},
    Kind.MOMENTS: _ENDS | {"dates"},
    Kind.AMOUNT: _ENDS,
    Kind.NAMES: frozenset({"key", "is", "ids", "cell"}),
    Kind.STATE: frozenset({"key", "is", "cell"}),
    Kind.TEXT: frozenset({"key", "contains", "cell"}),
    Kind.EXACT: frozenset({"key", "is", "cell"}),
}
_READERS: Mapping[Kind, Callable[[Filter, Given, Occasion], list[Test]]] = {
    Kind.DAYS: _days,
    Kind.MOMENTS: _moments,
    Kind.AMOUNT: _amounts,
    Kind.NAMES: _names,
    Kind.STATE: _state,
    Kind.TEXT: _text,
    Kind.EXACT: _exact,
}
