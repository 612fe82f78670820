"""A company's rows, entity by entity, and the answers to queries over them. No I/O.

Rows are what QuickBooks would send: dictionaries in its own words, amounts as Decimals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.intuit.answers import DATA_CENTRE, QueryRefused
from sandbox.intuit.grammar import Condition, Order, Query, Today, Value
from sandbox.intuit.vocabulary import Entity, Shape, entity

Row = dict[str, Any]
Test = Callable[[Row], bool]

_RANKS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda have, want: bool(have == want),
    "<": lambda have, want: bool(have < want),
    ">": lambda have, want: bool(have > want),
    "<=": lambda have, want: bool(have <= want),
    ">=": lambda have, want: bool(have >= want),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One page, and how many rows there are in all."""

    rows: list[Row]
    total: int


class Store:
    """Rows in the order in which they were written."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Row]] = {}
        self._gone: dict[str, dict[str, datetime]] = {}
        self.version = 0
        """Grows with every change, so that what is computed from the rows can be kept."""

    def add(self, kind: str, row: Row) -> Row:
        """Raises ValueError when the id is taken."""
        rows = self._rows.setdefault(kind, {})
        if row["Id"] in rows:
            raise ValueError(f"there is already a {kind} {row['Id']}")
        rows[row["Id"]] = row
        self.version += 1
        return row

    def remove(self, kind: str, id: str, at: datetime) -> Row:
        """When it went is remembered. Raises KeyError."""
        row = self._rows[kind].pop(id)
        self._gone.setdefault(kind, {})[id] = at
        self.version += 1
        return row

    def gone(self, kind: str) -> Mapping[str, datetime]:
        """When each deleted row was deleted, by id."""
        return self._gone.get(kind, {})

    def get(self, kind: str, id: str) -> Row:
        """Raises KeyError."""
        return self._rows[kind][id]

    def has(self, kind: str, id: str) -> bool:
        return id in self._rows.get(kind, {})

    def all(self, kind: str) -> Iterable[Row]:
        return self._rows.get(kind, {}).values()

    def select(self, query: Query, now: datetime) -> Found:
        """Raises QueryRefused."""
        asked = entity(query.entity)
        tests = [matcher(asked, condition, now) for condition in query.where]
        if asked.shape is Shape.NAME_LIST and not _speaks_of_active(asked, query):
            tests.append(lambda row: bool(row["Active"]))
        orders = [Order(asked.property(order.property), order.descending) for order in query.order]
        rows = [row for row in self.all(asked.name) if all(test(row) for test in tests)]
        if query.count:
            return Found([], len(rows))
        rows.sort(key=lambda row: id_rank(row["Id"]))
        for order in reversed(orders or [natural(asked)]):
            rows.sort(key=lambda row, at=order: rank(row, at.property), reverse=order.descending)  # type: ignore[misc]
        first = query.start - 1
        return Found(rows[first : first + query.size], len(rows))


def natural(asked: Entity) -> Order:
    """The order of an answer to a query without ORDERBY."""
    return Order(asked.natural_order, descending=asked.shape is Shape.TRANSACTION)


def matcher(asked: Entity, condition: Condition, now: datetime) -> Test:
    """Raises QueryRefused for properties and operators that cannot be asked."""
    name = asked.property(condition.property)
    values = [_resolved(value, now) for value in condition.values]
    if name == "Id" and condition.operator not in ("=", "in"):
        raise QueryRefused(
            "4001", f"QueryValidationError: property 'Id' does not support '{condition.operator}'"
        )
    if condition.operator == "like":
        pattern = _pattern(str(values[0]))
        return lambda row: pattern.fullmatch(str(property_of(row, name) or "")) is not None
    compare = _RANKS["=" if condition.operator == "in" else condition.operator]
    return lambda row: any(_holds(name, property_of(row, name), value, compare) for value in values)


def property_of(row: Row, name: str) -> Any:
    """A scalar: of a ref its id, of an e-mail address the address, None where there is none."""
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, dict):
        return value.get("value", value.get("Address"))
    return value


def rank(row: Row, name: str) -> tuple[int, Any]:
    """Sorts rows by a property: without a value first, ids by number, times by moment."""
    value = property_of(row, name)
    if value is None:
        return (0, 0)
    if name == "Id":
        return (1, id_rank(value))
    if name.startswith("MetaData."):
        return (1, datetime.fromisoformat(value).timestamp())
    return (1, value)


def id_rank(id: str) -> tuple[int, str]:
    return (int(id), "") if id.isdigit() else (0, id)


def _speaks_of_active(asked: Entity, query: Query) -> bool:
    return any(asked.property(condition.property) == "Active" for condition in query.where)


def _resolved(value: Value, now: datetime) -> str | Decimal | bool:
    return now.astimezone(DATA_CENTRE).date().isoformat() if isinstance(value, Today) else value


def _holds(
    name: str, have: Any, want: str | Decimal | bool, compare: Callable[[Any, Any], bool]
) -> bool:
    if have is None:
        # "Null" is written as one space.
        return want == " " and compare(0, 0) and not compare(0, 1)
    if isinstance(have, bool):
        return compare(str(have).lower(), str(want).lower())
    if isinstance(have, int | Decimal):
        return compare(have, _number(want))
    if name.startswith("MetaData."):
        return compare(datetime.fromisoformat(have), _moment(str(want)))
    if name.endswith("Date"):
        return compare(have, str(want)[:10])
    return compare(have.lower(), str(want).lower())


def _number(value: str | Decimal | bool) -> Decimal:
    try:
        return Decimal(value)
    except InvalidOperation:
        raise QueryRefused(
            "4001", f"QueryValidationError: value '{value}' is not a number"
        ) from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise QueryRefused(
            "4001", f"QueryValidationError: value '{text}' is not a date time"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=DATA_CENTRE)


def _pattern(text: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in text.split("%"))
    return re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)
